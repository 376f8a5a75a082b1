import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { kinds } from './samples.kinds.ts';
import type { Sample } from './samples.read.ts';
import { readSample, sampleLines } from './samples.read.ts';

const samples = sampleLines().map(readSample);
const servers = Object.values(Object.groupBy(samples, ({ server }) => server.name)) as Sample[][];
const label = ({ server }: Sample) => `${server.name} ${server.version}`;

describe('the sample data', () => {
  it('has one compact JSON value a line and ends with a line end', () => {
    for (const line of sampleLines()) expect(JSON.stringify(JSON.parse(line))).toBe(line);
  });

  it('has at least 45 servers and 70 versions', () => {
    expect(servers.length).toBeGreaterThanOrEqual(45);
    expect(samples.length).toBeGreaterThanOrEqual(70);
  });

  it('never has a version twice, nor two names that differ only in case', () => {
    expect(new Set(samples.map(label)).size).toBe(samples.length);
    expect(new Set(samples.map(({ server }) => server.name.toLowerCase())).size).toBe(servers.length);
  });

  it('has names of a namespace and a name, of two characters or more each', () => {
    const pattern = /^[a-zA-Z0-9][a-zA-Z0-9.-]*[a-zA-Z0-9]\/[a-zA-Z0-9][a-zA-Z0-9._-]*[a-zA-Z0-9]$/;
    for (const { server } of samples) expect(server.name).toMatch(pattern);
  });

  it('gives one remote address to one server only', () => {
    const owners = new Map<string, string>();
    for (const { server, official } of samples) {
      if (official.status === 'deleted') continue;
      for (const { url = '' } of server.remotes ?? []) {
        expect(owners.get(url) ?? server.name, url).toBe(server.name);
        owners.set(url, server.name);
      }
    }
  });

  it('keeps to the time in which the registry has been public, to the microsecond', () => {
    const times = samples.map(({ official }) => official.publishedAt);
    expect(new Set(times).size).toBe(times.length);
    for (const { official, server } of samples) {
      const { publishedAt, updatedAt, statusChangedAt = publishedAt } = official;
      for (const time of [publishedAt, updatedAt, statusChangedAt]) {
        expect(time, server.name).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
        expect(time >= '2025-09-08' && time < '2026-11-16', time).toBe(true);
      }
      expect(publishedAt <= statusChangedAt && statusChangedAt <= updatedAt, label({ official, server })).toBe(true);
    }
  });

  it('gives a reason only for what is not active', () => {
    const reasons = samples.filter(({ official }) => official.statusMessage !== undefined);
    expect(reasons.map(({ official }) => official.status)).not.toContain('active');
    for (const { official } of reasons) expect(official.statusMessage?.length).toBeLessThanOrEqual(500);
  });

  it.each(Object.entries(kinds))('shows %s', (_kind, covered) => {
    expect(covered(samples, servers)).toBe(true);
  });
});

describe('the latest version in the sample data', () => {
  it.each(servers.map((versions) => [versions[0]?.server.name, versions] as const))('of %s is right', (_, versions) => {
    const said = versions.filter(({ official }) => official.isLatest).map(label);
    const left = versions.filter(({ official }) => official.status !== 'deleted').toSorted(compareVersions);
    expect(said).toEqual(left.slice(-1).map(label));
  });
});

describe('the sample data and the official schemas', () => {
  const folder = new URL('../../../shared/data/schemas/', import.meta.url);

  it('agree, each document with the schema that it names', (context) => {
    if (!existsSync(folder)) {
      const reason = 'LEFT OUT: no official schemas in ../shared/data/schemas, so no sample was checked against them.';
      console.warn(reason);
      context.skip(reason);
    }
    const wrong = samples.flatMap((sample) => schemaErrors(folder, sample).map((error) => `${label(sample)}${error}`));
    expect(wrong).toEqual([]);
  });
});

const validators = new Map<string, Ajv>();

/** What the schema that a document names finds wrong with it, as "path message". */
function schemaErrors(folder: URL, { server }: Sample): string[] {
  const date = /^https:\/\/static\.modelcontextprotocol\.io\/schemas\/([\d-]+)\/server\.schema\.json$/.exec(
    server.$schema,
  )?.[1];
  if (!date) return [`/$schema names no schema: ${server.$schema}`];
  if (!validators.has(date)) {
    const ajv = new Ajv({ strict: false, allErrors: true });
    addFormats.default(ajv);
    validators.set(date, ajv.addSchema(JSON.parse(readFileSync(new URL(`${date}.json`, folder), 'utf8')), 'server'));
  }
  const ajv = validators.get(date);
  ajv?.validate('server', server);
  return (ajv?.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

interface Semantic {
  numbers: string[];
  prerelease: string[];
}

function semantic(version: string): Semantic | undefined {
  const id = '(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)';
  const number = '(0|[1-9]\\d*)';
  const pattern = `^v?${number}\\.${number}\\.${number}(?:-(${id}(?:\\.${id})*))?(?:\\+[0-9a-zA-Z-]+(?:\\.[0-9a-zA-Z-]+)*)?$`;
  const match = new RegExp(pattern).exec(version);
  return match ? { numbers: match.slice(1, 4), prerelease: match[4]?.split('.') ?? [] } : undefined;
}

/** Semantic versions by precedence (semver.org, rule 11) and above all others; what is left by publication time. */
function compareVersions(a: Sample, b: Sample): number {
  const [x, y] = [semantic(a.server.version), semantic(b.server.version)];
  const byTime = a.official.publishedAt < b.official.publishedAt ? -1 : 1;
  if (x && y) return comparePrecedence(x, y) || byTime;
  return Number(!!x) - Number(!!y) || byTime;
}

function comparePrecedence(x: Semantic, y: Semantic): number {
  const numbers = compareIdentifiers(x.numbers, y.numbers);
  if (numbers !== 0) return numbers;
  const released = Number(x.prerelease.length === 0) - Number(y.prerelease.length === 0);
  return released || compareIdentifiers(x.prerelease, y.prerelease);
}

function compareIdentifiers(x: string[], y: string[]): number {
  for (const [i, left] of x.entries()) {
    const right = y[i];
    if (right === undefined) return 1;
    if (left === right) continue;
    const [leftIsNumber, rightIsNumber] = [/^\d+$/.test(left), /^\d+$/.test(right)];
    if (leftIsNumber && rightIsNumber) return Number(left) - Number(right);
    if (leftIsNumber !== rightIsNumber) return leftIsNumber ? -1 : 1;
    return left < right ? -1 : 1;
  }
  return x.length - y.length;
}
