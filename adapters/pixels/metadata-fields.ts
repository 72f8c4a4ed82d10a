/** A field of metadata, where it may be found, and in which order it is looked for. */
export interface MetadataField {
  readonly name: string;
  readonly kind: 'text' | 'number' | 'time';
  /** `group.tag` as the reader names them; the first that says something is taken. */
  readonly places: readonly string[];
}

const text = (name: string, ...places: readonly string[]): MetadataField => ({
  name,
  kind: 'text',
  places,
});
const number = (name: string, ...places: readonly string[]): MetadataField => ({
  name,
  kind: 'number',
  places,
});

/** What is told of an image's metadata, in the order of results. Docs: docs/images.md. */
export const METADATA_FIELDS: readonly MetadataField[] = [
  text('make', 'exif.Make', 'xmp.Make'),
  text('model', 'exif.Model', 'xmp.Model'),
  text('lens', 'exif.LensModel', 'xmp.LensModel', 'xmp.Lens'),
  text('software', 'exif.Software', 'xmp.CreatorTool'),
  {
    name: 'takenAt',
    kind: 'time',
    places: ['exif.DateTimeOriginal', 'xmp.DateTimeOriginal', 'xmp.DateCreated', 'exif.DateTime'],
  },
  number('exposureS', 'exif.ExposureTime'),
  number('aperture', 'exif.FNumber'),
  number('iso', 'exif.ISOSpeedRatings'),
  number('focalLengthMm', 'exif.FocalLength'),
  number('latitude', 'gps.Latitude'),
  number('longitude', 'gps.Longitude'),
  number('altitudeM', 'gps.Altitude'),
  text('title', 'iptc.Object Name', 'xmp.title', 'iptc.Headline', 'xmp.Headline'),
  text('description', 'iptc.Caption/Abstract', 'xmp.description', 'exif.ImageDescription'),
  text('keywords', 'iptc.Keywords', 'xmp.subject'),
  text('creator', 'iptc.By-line', 'xmp.creator', 'exif.Artist'),
  text('credit', 'iptc.Credit', 'xmp.Credit'),
  text('copyright', 'iptc.Copyright Notice', 'xmp.rights', 'exif.Copyright'),
  text('usageTerms', 'xmp.UsageTerms'),
  text('webStatement', 'xmp.WebStatement'),
  text('digitalSourceType', 'xmp.DigitalSourceType'),
];
