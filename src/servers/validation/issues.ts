import { pathText, type Path } from './path.ts';

/** One thing that is wrong with a document, or could be better. */
export interface ValidationIssue {
  path: string;
  type: 'json' | 'schema' | 'semantic' | 'linter';
  message: string;
  severity: 'error' | 'warning' | 'info';
  reference: string;
}

/** What was found; a document is valid while there is no error. */
export interface ValidationReport {
  valid: boolean;
  issues: ValidationIssue[];
}

/** What a check reports. */
export type Finding = Omit<ValidationIssue, 'path' | 'severity'> & {
  path: Path;
  /** `error` when left out. */
  severity?: ValidationIssue['severity'];
};

/** Issues of one report at most; what is beyond is only counted. */
export const MAX_ISSUES = 100;

/** Collects what the checks find, as much of it as a report holds. */
export class Issues {
  #errors: ValidationIssue[] = [];
  #others: ValidationIssue[] = [];
  #count = 0;

  add(finding: Finding): void {
    this.addFound(finding.severity ?? 'error', () => finding);
  }

  /** The same for what is dear to tell: it is told only where there is room for it. */
  addFound(severity: ValidationIssue['severity'], tell: () => Finding): void {
    this.#count += 1;
    const kept = severity === 'error' ? this.#errors : this.#others;
    if (kept.length >= MAX_ISSUES) return;
    const { path, type, message, reference } = tell();
    kept.push({ path: pathText(path), type, message, severity, reference });
  }

  /** Errors first, so that no crowd of warnings hides them. */
  report(): ValidationReport {
    const issues = [...this.#errors, ...this.#others].slice(0, MAX_ISSUES);
    const more = this.#count - issues.length;
    if (more > 0) {
      const message = `${more} more issues are left out: correct these first`;
      issues.push({ path: '', type: 'linter', message, severity: 'info', reference: 'issues-left-out' });
    }
    return { valid: this.#errors.length === 0, issues };
  }
}

/** The publisher's own text inside a message, as much of it as is needed to find it. */
export const show = (text: string): string => (text.length <= 200 ? text : `${text.slice(0, 200)}…`).toWellFormed();
