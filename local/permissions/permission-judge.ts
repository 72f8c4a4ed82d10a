import { channel } from 'node:diagnostics_channel';
import { LOCAL_ACCOUNT, LOCAL_IDENTITY } from '../local-clients.ts';
import type { Call } from './call.ts';
import { callerKey } from './caller-key.ts';
import { JUDGED_ACTIONS } from './known-actions.ts';
import type { RolePolicy } from './role-policy.ts';

/** Why a request is not carried out. */
export interface Refusal {
  readonly kind: 'denied' | 'unknown-caller';
  /** As AWS words it. */
  readonly message: string;
}

/** How a request names its caller. */
export interface SignedRequest {
  readonly authorization: string | undefined;
  readonly url: string;
}

/** Told of what was denied: the function, the action and the resource of the first time. */
export type OnDenied = (functionName: string, call: Call) => void;

/** Tells whoever listens in this process of each call that a role made for the first time. */
const JUDGED = channel('image-crawler:call-judged');

/** Decisions kept for a caller. Objects have names without end, so they cannot all be. */
const MAX_KEPT = 10_000;

interface Caller {
  readonly name: string;
  readonly policy: RolePolicy;
  /** By action and resource. */
  readonly decisions: Map<string, boolean>;
}

/**
 * Judges every request to an emulator by the policies that the template grants to the role of the
 * function that makes it. The operator, whose key the command has, may do all; a key of nobody may
 * do nothing.
 */
export class PermissionJudge {
  readonly #onDenied: OnDenied;
  readonly #operatorKey: string;
  readonly #callers = new Map<string, Caller>();
  readonly #told = new Set<string>();

  /** `operatorKey` may do all: it is the key of the command. */
  constructor(
    onDenied: OnDenied = () => {},
    operatorKey: string = LOCAL_IDENTITY.credentials.accessKeyId,
  ) {
    this.#onDenied = onDenied;
    this.#operatorKey = operatorKey;
  }

  /** Makes a function known; its access key id is its name. */
  admit(name: string, policy: RolePolicy): void {
    this.#callers.set(name, { name, policy, decisions: new Map() });
  }

  /** The refusal of a request; undefined when it may be carried out. `read` says what it asks. */
  judge({ authorization, url }: SignedRequest, read: () => readonly Call[]): Refusal | undefined {
    const key = callerKey(authorization, url);
    if (key === this.#operatorKey) return undefined;
    const caller = this.#callers.get(key);
    if (caller === undefined) return { kind: 'unknown-caller', message: UNKNOWN_CALLER };
    const denied = read().find((call) => !isAllowed(caller, call));
    if (denied === undefined) return undefined;
    this.#tell(caller, denied);
    return { kind: 'denied', message: denial(caller, denied) };
  }

  /** Whether a function that is known may do something. */
  allows(name: string, call: Call): boolean {
    const caller = this.#callers.get(name);
    return caller !== undefined && isAllowed(caller, call);
  }

  /** Once for each action: a function that is denied asks again and again. */
  #tell({ name }: Caller, call: Call): void {
    const key = `${name} ${call.action}`;
    if (this.#told.has(key)) return;
    this.#told.add(key);
    this.#onDenied(name, call);
  }
}

/** An action that is not known here is denied, whatever the wildcards of the policy. */
function isAllowed({ policy, decisions }: Caller, call: Call): boolean {
  const key = `${call.action} ${call.resource}`;
  const known = decisions.get(key);
  if (known !== undefined) return known;
  const allowed = JUDGED_ACTIONS.has(call.action) && policy.allows(call);
  if (decisions.size === MAX_KEPT) decisions.clear();
  decisions.set(key, allowed);
  if (JUDGED.hasSubscribers) JUDGED.publish({ role: policy.role, call, allowed });
  return allowed;
}

const UNKNOWN_CALLER =
  'The security token included in the request is invalid: it is neither a function of this stack ' +
  `nor "${LOCAL_IDENTITY.credentials.accessKeyId}", the key of the person who runs it`;

function denial({ name, policy }: Caller, { action, resource }: Call): string {
  const who = `arn:aws:sts::${LOCAL_ACCOUNT}:assumed-role/${policy.role}/${name}`;
  const asked = `User: ${who} is not authorized to perform: ${action} on resource: ${resource}`;
  return JUDGED_ACTIONS.has(action)
    ? `${asked} because no identity-based policy allows the ${action} action`
    : `${asked} because the action is not known on this machine`;
}
