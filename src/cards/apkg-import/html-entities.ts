/** Character references: by number, and the names of HTML 4 (W3C, HTML 4.01, section 24) with `apos`. Others stay as they stand. */

/** In the order of the characters from the first on; a dot where none has a name. */
const rows: readonly [first: number, names: string][] = [
  [34, "quot . . . amp apos"],
  [60, "lt . gt"],
  [
    160,
    "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot " +
      "cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml " +
      "Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig " +
      "agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute " +
      "ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml",
  ],
  [338, "OElig oelig"],
  [352, "Scaron scaron"],
  [376, "Yuml"],
  [402, "fnof"],
  [710, "circ"],
  [732, "tilde"],
  [
    913,
    "Alpha Beta Gamma Delta Epsilon Zeta Eta Theta Iota Kappa Lambda Mu Nu Xi Omicron Pi Rho . Sigma Tau Upsilon Phi Chi Psi Omega",
  ],
  [
    945,
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigmaf sigma tau upsilon phi chi psi " +
      "omega . . . . . . . thetasym upsih . . . piv",
  ],
  [
    8194,
    "ensp emsp . . . . . thinsp . . zwnj zwj lrm rlm . . . ndash mdash . . . lsquo rsquo sbquo . ldquo rdquo bdquo . dagger Dagger bull",
  ],
  [8230, "hellip . . . . . . . . . permil . prime Prime . . . . . lsaquo rsaquo . . . oline"],
  [8260, "frasl"],
  [8364, "euro"],
  [8465, "image"],
  [8472, "weierp . . . real"],
  [8482, "trade"],
  [8501, "alefsym"],
  [8592, "larr uarr rarr darr harr"],
  [8629, "crarr"],
  [8656, "lArr uArr rArr dArr hArr"],
  [8704, "forall . part exist . empty . nabla isin notin . ni . . . prod . sum minus . . . . lowast . . radic . . prop infin"],
  [8736, "ang . . . . . . and or cap cup int"],
  [8756, "there4"],
  [8764, "sim . . . . . . . . cong . . asymp"],
  [8800, "ne equiv . . le ge"],
  [8834, "sub sup nsub . sube supe"],
  [8853, "oplus . otimes"],
  [8869, "perp"],
  [8901, "sdot"],
  [8968, "lceil rceil lfloor rfloor"],
  [9001, "lang rang"],
  [9674, "loz"],
  [9824, "spades . . clubs . hearts diams"],
];

const named = new Map(
  rows.flatMap(([first, names]) =>
    names.split(" ").flatMap((name, i): [string, string][] => (name === "." ? [] : [[name, String.fromCodePoint(first + i)]])),
  ),
);

export function decodeEntities(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-zA-Z][a-zA-Z0-9]{1,9}));/g, (whole, decimal, hex, name) => {
    if (name !== undefined) return named.get(name) ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    const isCharacter = (code >= 32 || code === 9 || code === 10) && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
    return isCharacter ? String.fromCodePoint(code) : "�";
  });
}
