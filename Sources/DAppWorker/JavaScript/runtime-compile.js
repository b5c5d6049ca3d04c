'use strict';
// Straight-line code for the declared types: without a JIT, a loop over fields costs several times the work itself.
// The text is made of checked plain names only and compiled by the host.

/// The number that a canonical decimal text means, or undefined.
const $whole = text => {
  if (text.length === 0 || text.length > 77) return undefined;
  try {
    const value = $BigInt(text);
    return value >= 0n && $bigText.call(value) === text ? value : undefined;
  } catch { return undefined; }
};
const $knownAddresses = new $Set(), $mostAddresses = 65536;
const $knows = $Set.prototype.has, $forget = $Set.prototype.clear;
let $addressCount = 0;

/// Whether a text is an address; the host is asked once for each.
const $isAddress = text => {
  if ($knows.call($knownAddresses, text)) return true;
  if (text.length > 64 || !$host.isAddress(text)) return false;
  if (++$addressCount > $mostAddresses) { $forget.call($knownAddresses); $addressCount = 1; }
  $setAdd.call($knownAddresses, text);
  return true;
};

/// Turns -0 into 0, which JSON cannot tell apart.
const $settleZero = (type, x) => (type.name === 'uint' || type.name === 'int' ? `${x}+=0;` : '');

/// A test that is true for the usual stored form of a type; everything else takes the general way.
const $usual = (type, x, isKey) => {
  const key = isKey && type.name !== 'address' ? `&&${x}.length<=128&&$textIndexOf.call(${x},"\\0")<0` : '';
  switch (type.name) {
    case 'uint': return `typeof ${x}==="number"&&${x}>=0&&${x}<=9007199254740991&&${x}%1===0`;
    case 'int': return `typeof ${x}==="number"&&${x}>=-9007199254740991&&${x}<=9007199254740991&&${x}%1===0`;
    case 'amount': return `typeof ${x}==="bigint"&&${x}>=0n&&${x}<$bigLimit`;
    case 'string': return `typeof ${x}==="string"&&${x}.length<=${type.most}&&$isWellFormed.call(${x})${key}`;
    case 'address': return `typeof ${x}==="string"&&$isAddress(${x})`;
    case 'bool': return `typeof ${x}==="boolean"`;
    default: return 'false';
  }
};

/// `check`, `copy`, `weight`, `encode`, `decode` and `resolve` for the rows of a model.
const $compileModel = model => {
  const { fields, key, keyType } = model;
  const each = (make, separator) => { let text = ''; for (let i = 0; i < fields.length; i++) text += (i > 0 ? separator : '') + make(fields[i], i); return text; };
  const nullable = (type, value, text) => (type.optional ? `r.${type.field}===null?${value}:${text}` : text);
  const check = each((type, i) => `let x${i}=v.${type.field};if(!(${$usual(type, `x${i}`, type.field === key)}))x${i}=general(${i},x${i});else{${$settleZero(type, `x${i}`)}}`, '');
  const copy = each(type => `${type.field}:${type.kind.isText ? `r.${type.field}===null?null:$parse(r.${type.field})` : `r.${type.field}`}`, ',');
  const texts = fields.filter(type => ['string', 'address', 'bytes', 'json'].includes(type.name));
  let weight = `${fields.length * 4}`;
  for (const type of texts) weight += `+(${nullable(type, '0', `r.${type.field}.length>>1`)})`;
  const encoded = type => (type.kind.big ? `'"'+r.${type.field}+'"'` : type.kind.isText ? `r.${type.field}`
    : type.name === 'string' ? `$stringify(r.${type.field})` : ['address', 'bytes'].includes(type.name) ? `'"'+r.${type.field}+'"'` : `r.${type.field}`);
  const encode = each((type, i) => `'${i > 0 ? ',' : '{'}"${type.field}":'+(${nullable(type, "'null'", encoded(type))})`, '+');
  const decode = each(type => {
    const raw = `o.${type.field}`, value = type.kind.big ? `$BigInt(${raw})` : type.kind.isText ? `$stringify(${raw})` : raw;
    return `${type.field}:${raw}===undefined||${raw}===null?null:${value}`;
  }, ',');
  const source = `(function(general,more){"use strict";return{`
    + `check(v){const n=$keys(v).length;${check}if(n!==${fields.length})more(v);return{${each((type, i) => `${type.field}:x${i}`, ',')}}},`
    + `copy(r){return{${copy}}},weight(r){return ${weight}},encode(r){return ${encode}+'}'},decode(t){const o=$parse(t);return{${decode}}},`
    + `resolve(q){if(typeof q!=="object"||q===null)return;const x=q.${key};if(!(${$usual(keyType, 'x', true)}))return;if($keys(q).length===1)return ${['uint', 'int'].includes(keyType.name) ? 'x+0' : 'x'}}}})`;
  const general = (index, value) => {
    const type = fields[index];
    if (value === undefined || value === null) {
      if (!type.optional) throw $broken(model, `${type.field} is missing.`);
      return null;
    }
    const stored = type.kind.check(value, type.most);
    if (stored === undefined) throw $broken(model, `${type.field} must be ${$describe(type)}.`);
    return type.field === key ? $checkValue(model, type, stored) : stored;
  };
  const more = values => {
    for (const name of $keys(values)) if (!fields.some(type => type.field === name)) throw $broken(model, `there is no field ${$slice.call(name, 0, 64)}.`);
  };
  model.code = $host.compile(source)(general, more);
};

/// A function that checks named values and gives fresh ones to the contract.
const $compileArguments = (types, isText) => {
  let checks = '', members = '';
  for (let i = 0; i < types.length; i++) {
    const type = types[i], x = `x${i}`, { field } = type;
    const price = ['string', 'address', 'amount', 'bytes'].includes(type.name) ? `if(typeof ${x}==="string"&&($gas-=${x}.length>>2)<0)$out();` : '';
    const quick = type.name === 'amount' && !isText ? `const y${i}=typeof ${x}==="string"?$whole(${x}):undefined;${x}=y${i}!==undefined?y${i}:general(${i},v);`
      : isText ? `${x}=general(${i},v);` : `if(!(${$usual(type, x, false)}))${x}=general(${i},v);else{${$settleZero(type, x)}}`;
    checks += `let ${x}=v.${field};${price}${quick}`;
    members += !types.some(type => type.optional) ? `${i > 0 ? ',' : ''}${field}:${x}` : type.optional ? `if(${x}!==undefined)r.${field}=${x};` : `r.${field}=${x};`;
  }
  const source = `(function(general,more){"use strict";return v=>{const n=$keys(v).length;if(($gas-=${10 * types.length})<0)$out();${checks}if(n!==${types.length})more(v);${types.some(type => type.optional) ? `const r={};${members}return r` : `return{${members}}`}}})`;
  const missing = text => $fault($status.badArguments, 'BadArguments', text);
  const general = (index, values) => {
    const type = types[index];
    let value = $hasOwn(values, type.field) ? values[type.field] : undefined;
    if (value === undefined || value === null) {
      if (!type.optional) throw missing(`${type.field} is missing.`);
      return undefined;
    }
    if (isText && typeof value === 'string') value = type.kind.from(value);
    if (!type.kind.isText && value !== undefined) value = type.kind.check(value, type.most);
    if (value === undefined) throw missing(`${type.field} must be ${$describe(type)}.`);
    return value;
  };
  const more = values => {
    for (const name of $keys(values)) if (!types.some(type => type.field === name)) throw missing(`There is no argument ${$slice.call(name, 0, 64)}.`);
  };
  return $host.compile(source)(general, more);
};
