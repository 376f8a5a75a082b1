import type { Db } from '../db.ts';

/** Finds a namespace by its key. */
export function findNamespace({ prisma }: Pick<Db, 'prisma'>, nameKey: string): Promise<{ name: string } | null> {
  return prisma.namespace.findUnique({ select: { name: true }, where: { nameKey } });
}
