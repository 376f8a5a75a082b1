/** The tag of whatever changes when any server does: lists, searches, counts. */
export const LIST_TAG = 'list';

/** The tag of whatever shows this server. */
export const serverTag = (nameKey: string) => `s:${encodeURIComponent(nameKey)}`;
