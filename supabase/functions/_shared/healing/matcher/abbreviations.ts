/** Short forms that neither a prefix nor a consonant skeleton explains, or that are too short to guess. */
const shortForms = `
amt amount; qty quantity; addr address; tel telephone; mob mobile; fname first_name; lname last_name; mname middle;
dob birth; acct account; nbr number; nr number; dept department; mgr manager; img image; pic image; msg message;
pwd password; yr year; mth month; mnth month; wk week; hr hour; lvl level; cfg setting; loc location; org organization;
prov province; gov governorate; mun municipality; hh household; pct percent; avg average; tot total; pop population;
num number; cnt count; bal balance; pmt payment; txn transaction; trx transaction; curr currency; cur currency;
est estimated; exp expiry; src source; dst destination; dest destination; usr user; emp employee; stu student;
veh vehicle; eqp device; temp temperature; lang language; pub published; cust customer; desc description;
prod product; inv invoice; ord order; cat category; ctry country; cntry country; dist district; str street;
ver version; rev revision; lat latitude; lng longitude; lon longitude; wt weight; ht height; len length; vol volume;
dur duration; freq frequency; stat status; sts status; prio priority; pri priority; req request; res response;
resp response; auth author; tmp temperature; pt patient; dx diagnosis; rx prescription; mfr manufacturer;
mfg manufacturer; ttl title; ttl total; nm name; dt date; ts timestamp; tm time; cd code; ty type; typ type;
sz size; clr color; col color; lbl label; grp group; ctg category; catg category; cmt comment; cmnt comment;
rmk remark; rmks remark; attn contact; po order; pcs pieces; ea each; uom unit; ssn identifier; msrp price; rrp price;
prc price; cst cost; disc discount; inc income; sal salary; fk id; pk id; idx index; idn identifier; cre created;
crt created; upd updated; mod modified; del deleted; strt start; bgn begin; fin finish; vld valid; flg flag; ind indicator;
bldg building; apt apartment; rm room; flr floor; blvd street; ave street; zip postal; tz timezone; lc location;
ph phone; no number; rcpt recipient; recip recipient; prefs preference; pref preferred; attrs attribute; subs subscription;
ref reference; res resolution; sq square; sys system; svc service; srv server; pkg package; cpy company; co company; inst institution; univ university
`;

let compiled: ReadonlyMap<string, readonly string[]> | undefined;

/** The words a short form may stand for; none when it is not a known one. */
export function expandAbbreviation(word: string): readonly string[] {
  compiled ??= compile();
  return compiled.get(word) ?? [];
}

function compile(): ReadonlyMap<string, readonly string[]> {
  const table = new Map<string, string[]>();
  for (const entry of shortForms.split(";")) {
    const [short, long] = entry.trim().split(" ");
    if (short && long) table.set(short, [...(table.get(short) ?? []), long]);
  }
  return table;
}
