/** Each field of a type, those that may be absent as `undefined`: one that is forgotten does not compile. */
export type AllOf<Type> = { readonly [Name in keyof Required<Type>]: Type[Name] };
