import type * as z from 'zod';

/**
 * A schema for each field of a type, optional ones too: with `satisfies` a field that a schema forgets does not
 * compile, and nor does one that the type has not.
 */
export type Fields<Type> = { readonly [Name in keyof Required<Type>]: z.ZodType<Type[Name]> };
