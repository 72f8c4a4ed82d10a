/** A port with some of its methods taken by others. */
export function instead<T extends object>(port: T, others: Partial<T>): T {
  return new Proxy(port, {
    get: (target, name) => {
      const other: unknown = Reflect.get(others, name);
      const member: unknown = other ?? Reflect.get(target, name);
      return other === undefined && typeof member === 'function' ? member.bind(target) : member;
    },
  });
}
