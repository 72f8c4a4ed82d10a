import { UnsupportedTemplateError } from './template.ts';

/** What a resource answers to `Ref` and `Fn::GetAtt`. */
export interface Physical {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Where the stack stands: pseudo parameters and the resources by logical id. */
export interface Place {
  readonly pseudo: Readonly<Record<string, string>>;
  readonly resources: ReadonlyMap<string, Physical>;
}

const REMEDY = 'The intrinsic functions that it models are in local/template/intrinsics.ts.';

type Intrinsic = (argument: unknown, place: Place) => unknown;

const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  Ref: (argument, place) => reference(String(argument), place),
  'Fn::GetAtt': (argument, place) => attribute(listOf(argument).map(String), place),
  'Fn::Join': (argument, place) => {
    const [separator, parts] = listOf(argument);
    return listOf(resolve(parts, place)).join(String(separator));
  },
  'Fn::Sub': (argument, place) => {
    if (typeof argument !== 'string')
      throw new UnsupportedTemplateError('Fn::Sub with a map', REMEDY);
    return argument.replace(/\$\{([^}!]+)\}/g, (_, name: string) => {
      return name.includes('.') ? attribute(name.split('.'), place) : reference(name, place);
    });
  },
};

/** A value of a template with every intrinsic carried out. @throws UnsupportedTemplateError */
export function resolve(value: unknown, place: Place): unknown {
  if (Array.isArray(value)) return value.map((item) => resolve(item, place));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only !== undefined && /^(Ref$|Fn::|Condition$)/.test(only[0])) {
    const [name, argument] = only;
    const intrinsic = INTRINSICS[name];
    if (intrinsic === undefined) throw new UnsupportedTemplateError(`intrinsic ${name}`, REMEDY);
    return intrinsic(argument, place);
  }
  return Object.fromEntries(entries.map(([name, item]) => [name, resolve(item, place)]));
}

function reference(name: string, { pseudo, resources }: Place): string {
  const value = pseudo[name] ?? resources.get(name)?.ref;
  if (value === undefined) throw new UnsupportedTemplateError(`reference to ${name}`);
  return value;
}

function attribute([name = '', ...path]: readonly string[], { resources }: Place): string {
  const value = resources.get(name)?.attributes[path.join('.')];
  if (value === undefined) {
    throw new UnsupportedTemplateError(
      `attribute ${path.join('.')} of ${name}`,
      'The attributes of resources are in local/template/resources.ts and local/built-stack.ts.',
    );
  }
  return value;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}
