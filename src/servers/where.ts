/** Collects the conditions and values of one statement; `$n` places are numbered in the order of use. */
export interface Where {
  readonly values: unknown[];
  /** Keeps a value and gives its place. */
  value(value: unknown): string;
  /** Adds a condition; all must hold. */
  and(condition: string): void;
  /** Adds one that only says between which places of an index the rows lie. */
  within(condition: string): void;
  /** The WHERE clause, with `more` conditions that count for this use only. */
  clause(...more: (string | null)[]): string;
  /** The same of what was added by `within` alone. */
  rangeClause(...more: (string | null)[]): string;
}

/** Makes an empty set of conditions. */
export function createWhere(): Where {
  const values: unknown[] = [];
  const conditions: string[] = [];
  const ranges: string[] = [];
  const clauseOf = (all: (string | null)[]) => {
    const present = all.filter((condition) => condition !== null);
    return present.length > 0 ? `WHERE ${present.join(' AND ')}` : '';
  };
  return {
    values,
    value: (value) => `$${values.push(value)}`,
    and: (condition) => void conditions.push(condition),
    within: (condition) => void ranges.push(condition),
    clause: (...more) => clauseOf([...ranges, ...conditions, ...more]),
    rangeClause: (...more) => clauseOf([...ranges, ...more]),
  };
}

/** One column of an order, and whether the list goes down it. */
export interface Sort {
  columns: string[];
  descending: boolean;
}

/** The ORDER BY of a page; a page read backwards turns the list round. */
export function orderBy({ columns, descending }: Sort, backwards: boolean): string {
  const direction = descending !== backwards ? 'DESC' : 'ASC';
  return `ORDER BY ${columns.map((column) => `${column} ${direction}`).join(', ')}`;
}

/** The condition for rows behind (`after`) or ahead of (`before`) a row with these keys. */
export function beyond({ columns, descending }: Sort, places: string[], side: 'after' | 'before'): string {
  const operator = (side === 'after') === descending ? '<' : '>';
  return `(${columns.join(', ')}) ${operator} (${places.join(', ')})`;
}

/** Text as a LIKE pattern that finds it anywhere, its own wildcards taken literally. */
export function anywhere(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}
