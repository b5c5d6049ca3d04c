'use strict';
// The types of arguments, parameters and fields: one description each for checking, storing and ordering values.

/// What the host needs to know about an error that the runtime made: status, code and message.
const $verdicts = new WeakMap(), $verdictOf = $verdicts.get.bind($verdicts), $setVerdict = $verdicts.set.bind($verdicts);
const $status = $freeze({ succeeded: 0, rejected: 1, failed: 2, outOfGas: 3, limitReached: 4, badArguments: 5, unknownMethod: 6 });
const $fault = (status, code, message) => {
  const error = new $Error(message);
  $addMade(error);
  $setVerdict(error, { status, code, message });
  return error;
};

const $typeNames = 'uint, int, amount, bigint, string, string(n), address, bool, bytes, bytes(n), json';
const $wholeText = (text, from, most) => {
  if (text.length <= from || text.length > most) return false;
  for (let i = from; i < text.length; i++) { const unit = $unitAt.call(text, i); if (unit < 48 || unit > 57) return false; }
  return text.length === from + 1 || $unitAt.call(text, from) !== 48;
};
const $hexText = text => {
  if (text.length % 2 !== 0) return false;
  for (let i = 0; i < text.length; i++) { const unit = $unitAt.call(text, i); if (!(unit >= 48 && unit <= 57 || unit >= 97 && unit <= 102)) return false; }
  return true;
};
const $bigLimit = 1n << 256n;

/// How each kind checks a value: `check` gives the stored form or undefined; `key` its ordered form; `from` reads URL text.
const $kinds = {
  uint: {
    what: 'a whole number from 0 to 2^53 - 1', ordered: 'unsigned',
    check: value => (typeof value === 'number' && value >= 0 && $safeInteger(value) ? value + 0 : undefined),
    key: value => value, json: value => `${value}`, from: text => ($wholeText(text, 0, 16) ? +text : undefined),
  },
  int: {
    what: 'a whole number from -(2^53 - 1) to 2^53 - 1', ordered: 'signed',
    check: value => (typeof value === 'number' && $safeInteger(value) ? value + 0 : undefined),
    key: value => value, json: value => `${value}`, from: text => ($wholeText(text, text[0] === '-' ? 1 : 0, 17) ? +text : undefined),
  },
  amount: {
    what: 'a whole number of base units, at least 0', ordered: 'big', big: true,
    check: value => {
      if (typeof value === 'string') { if (!$wholeText(value, 0, 78)) return undefined; value = $BigInt(value); }
      else if (typeof value === 'number') { if (!$safeInteger(value)) return undefined; value = $BigInt(value); }
      return typeof value === 'bigint' && value >= 0n && value < $bigLimit ? value : undefined;
    },
    key: value => $padStart.call($bigText.call(value, 16), 64, '0'), json: value => `"${value}"`, from: text => text,
  },
  bigint: {
    what: 'a whole number below 2^256 in size', ordered: null, big: true,
    check: value => {
      if (typeof value === 'string') { if (!$wholeText(value, value[0] === '-' ? 1 : 0, 79)) return undefined; value = $BigInt(value); }
      else if (typeof value === 'number') { if (!$safeInteger(value)) return undefined; value = $BigInt(value); }
      return typeof value === 'bigint' && value > -$bigLimit && value < $bigLimit ? value : undefined;
    },
    json: value => `"${value}"`, from: text => text,
  },
  string: {
    what: 'text', ordered: 'text', most: 4096,
    check: (value, most) => (typeof value === 'string' && value.length <= most && $isWellFormed.call(value) ? value : undefined),
    key: value => value, json: value => $stringify(value), from: text => text,
  },
  address: {
    what: 'an address', ordered: 'text',
    check: value => (typeof value === 'string' && $isAddress(value) ? value : undefined),
    key: value => value, json: value => `"${value}"`, from: text => text,
  },
  bool: {
    what: 'true or false', ordered: 'text',
    check: value => (typeof value === 'boolean' ? value : undefined),
    key: value => (value ? '1' : '0'), json: value => `${value}`, from: text => (text === 'true' ? true : text === 'false' ? false : undefined),
  },
  bytes: {
    what: 'an even number of lower-case hexadecimal digits', ordered: 'text', most: 4096,
    check: (value, most) => (typeof value === 'string' && value.length <= most * 2 && $hexText(value) ? value : undefined),
    key: value => value, json: value => `"${value}"`, from: text => text,
  },
  json: {
    what: 'a JSON value', ordered: null, isText: true,
    check: value => {
      const text = $toJSON(value);
      return text === undefined || text.length > 16384 ? undefined : text;
    },
    json: text => text, from: text => text,
  },
};

const $objectParent = $parentOf({}), $mostPlain = 16;

/// JSON text of a flat object such as an event's data, or undefined for everything else.
const $flatJSON = value => {
  if (typeof value !== 'object' || value === null || $parentOf(value) !== $objectParent) return undefined;
  const names = $keys(value), count = names.length;
  if (count > $mostPlain) return undefined;
  let text = '{';
  for (let i = 0; i < count; i++) {
    const name = names[i], item = value[name], type = typeof item;
    if (name === 'toJSON') return undefined;
    let part;
    if (type === 'string') { if (item.length > 1024) return undefined; part = $stringify(item); }
    else if (type === 'bigint') part = `"${item}"`;
    else if (type === 'number') part = $stringify(item);
    else if (type === 'boolean' || item === null) part = `${item}`;
    else return undefined;
    text += `${i > 0 ? ',' : ''}${$stringify(name)}:${part}`;
  }
  $charge(8 * (count + 1) + (text.length >> 2));
  return text + '}';
};

/// JSON text of a value, with bigints as decimal text; undefined where JSON has none.
const $toJSON = value => $flatJSON(value) ?? $contractStringify(value, (key, item) => (typeof item === 'bigint' ? $bigText.call(item) : item));

/// Reads a type such as 'string(64)?'.
const $typeOf = text => {
  if (typeof text !== 'string' || text.length > 32) return null;
  const optional = text.endsWith('?'), plain = optional ? $slice.call(text, 0, -1) : text;
  const bracket = plain.indexOf('('), name = bracket < 0 ? plain : $slice.call(plain, 0, bracket);
  if (!$hasOwn($kinds, name)) return null;
  const kind = $kinds[name];
  let most = kind.most;
  if (bracket >= 0) {
    const digits = $slice.call(plain, bracket + 1, -1);
    if (most === undefined || !plain.endsWith(')') || !$wholeText(digits, 0, 4) || +digits < 1 || +digits > 4096) return null;
    most = +digits;
  }
  return { text, name, kind, optional, most };
};

const $describe = type => type.kind.what + (type.most === undefined ? '' : type.name === 'bytes' ? `, at most ${type.most} bytes` : ` of at most ${type.most} characters`);

/// Compiles an object of names and types; `where` begins the message of a mistake.
const $typesOf = (object, where) => {
  if (object === undefined) return [];
  if (!$isObject(object) || $isArray(object)) throw $fault($status.failed, 'Declaration', `${where} must be an object of names and types.`);
  const names = $keys(object);
  if (names.length > 64) throw $fault($status.failed, 'Declaration', `${where} has more than 64 names.`);
  return names.map(name => {
    const type = $typeOf(object[name]);
    if (!$isIdentifier(name)) throw $fault($status.failed, 'Declaration', `${where}: ${name} is not a plain name.`);
    if (type === null) throw $fault($status.failed, 'Declaration', `${where}: the type of ${name} is none of ${$typeNames}, with ? when it may be missing.`);
    type.field = name;
    return type;
  });
};
const $isIdentifier = name => {
  if (name.length === 0 || name.length > 32) return false;
  for (let i = 0; i < name.length; i++) {
    const unit = $unitAt.call(name, i);
    if (!(unit >= 97 && unit <= 122 || unit >= 65 && unit <= 90 || unit === 95 || i > 0 && unit >= 48 && unit <= 57)) return false;
  }
  return name !== '__proto__';
};
