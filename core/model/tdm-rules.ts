/** What an owner says of text and data mining, in one of the places where it can stand. */
export interface TdmStatement {
  /** 1 reserved, 0 not; any other value is unset, and absent here. */
  readonly reservation?: 0 | 1;
  /** Address of the conditions. */
  readonly policy?: string;
}

/** A rule of the file of an origin: plain JSON, to be kept and shared. */
export interface TdmRule extends TdmStatement {
  readonly location: string;
}

/** What is known of an origin's tdmrep.json, and until when: plain JSON, to be kept and shared. */
export interface TdmCopy {
  /** None where there is no file. */
  readonly rules: readonly TdmRule[];
  /** From when on the origin is asked again, in milliseconds since 1970. */
  readonly askAgainAtMs: number;
}
