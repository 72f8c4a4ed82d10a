import { generate } from 'selfsigned';

/** A certificate with its key, both PEM. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** What a certificate vouches for. */
export interface Subject {
  readonly names: readonly string[];
  readonly addresses?: readonly string[];
  /** Days from today on which it begins and ends to be good. */
  readonly days?: readonly [from: number, to: number];
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** An authority that nobody trusts but who is told to. */
export async function anAuthority(name: string): Promise<Certificate> {
  const pem = await generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  return { key: pem.private, cert: pem.cert };
}

/** A certificate of a server, signed by an authority. */
export async function aCertificate(ca: Certificate, subject: Subject): Promise<Certificate> {
  const { names, addresses = [], days: [from, to] = [-1, 30] } = subject;
  const pem = await generate([{ name: 'commonName', value: names[0] ?? 'nameless' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    ca,
    notBeforeDate: new Date(Date.now() + from * DAY_MS),
    notAfterDate: new Date(Date.now() + to * DAY_MS),
    extensions: [
      { name: 'basicConstraints', cA: false },
      {
        name: 'subjectAltName',
        altNames: [
          ...names.map((value) => ({ type: 2 as const, value })),
          ...addresses.map((ip) => ({ type: 7 as const, ip })),
        ],
      },
    ],
  });
  return { key: pem.private, cert: pem.cert };
}
