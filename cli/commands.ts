import { changes } from './commands/changes.ts';
import { completion } from './commands/completion.ts';
import { dnsRecord } from './commands/dns-record.ts';
import { init } from './commands/init.ts';
import { keygen } from './commands/keygen.ts';
import { login } from './commands/login.ts';
import { logout } from './commands/logout.ts';
import { publish } from './commands/publish.ts';
import { search } from './commands/search.ts';
import { show } from './commands/show.ts';
import { status } from './commands/status.ts';
import { tokenCreate, tokenList, tokenRevoke } from './commands/token.ts';
import { validate } from './commands/validate.ts';
import { verifyDomain } from './commands/verify-domain.ts';
import { versions } from './commands/versions.ts';
import { whoami } from './commands/whoami.ts';

/** Every command, in the order in which help shows them. */
export const commands = [
  ...[init, validate, login, publish, whoami, logout],
  ...[status, verifyDomain, keygen, dnsRecord, tokenCreate, tokenList, tokenRevoke],
  ...[search, show, versions, changes, completion],
];
