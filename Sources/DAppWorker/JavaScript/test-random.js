'use strict';
// Chance from a seed, generators for the declared types, and the search for a least counter-example.

/// Numbers that follow from a text alone (xmur3 for the state, sfc32 for the stream).
const $randomFrom = text => {
  let h = 1779033703 ^ text.length;
  for (let i = 0; i < text.length; i++) {
    h = Math.imul(h ^ text.charCodeAt(i), 3432918353);
    h = h << 13 | h >>> 19;
  }
  const word = () => {
    h = Math.imul(h ^ h >>> 16, 2246822507);
    h = Math.imul(h ^ h >>> 13, 3266489909);
    return (h ^= h >>> 16) | 0;
  };
  let a = word(), b = word(), c = word(), d = word();
  const next = () => {
    const t = (a + b | 0) + d | 0;
    d = d + 1 | 0; a = b ^ b >>> 9; b = c + (c << 3) | 0;
    c = (c << 21 | c >>> 11) + t | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 12; i++) next();
  const random = {
    next,
    /// A number from 0 to n - 1.
    below(n) { return n <= 1 ? 0 : n <= 4294967296 ? Math.floor(next() / 4294967296 * n) : (next() % 2097152 * 4294967296 + next()) % n; },
    chance(n) { return random.below(n) === 0; },
    pick(list) { return list[random.below(list.length)]; },
    /// A bigint of at most so many bits.
    bits(count) {
      let value = 0n;
      for (let left = count; left > 0; left -= 32) value = value << 32n | $BigInt(next());
      return value & (1n << $BigInt(count)) - 1n;
    },
  };
  return random;
};

/// Values between v and its target, the boldest first.
const $towards = (value, target) => {
  const found = [], two = typeof value === 'bigint' ? 2n : 2;
  const half = x => (typeof x === 'bigint' ? x / two : Math.trunc(x / two));
  for (let step = value - target; step != 0; step = half(step)) found.push(value - step);
  return found;
};

const $numbers = (least, most, edges, isBig) => {
  const inside = value => value >= least && value <= most;
  const target = inside(isBig ? 0n : 0) ? (isBig ? 0n : 0) : least;
  const usable = [least, ...edges, most].filter(inside);
  return {
    make(random, size) {
      if (random.chance(6)) return random.pick(size < 32 ? usable.slice(0, Math.max(2, usable.length >> 1)) : usable);
      const width = random.below(Math.min(size, isBig ? 255 : 52)) + 1;
      let value = isBig ? random.bits(width) : Number(random.bits(width));
      if (least < 0 && random.chance(2)) value = -value;
      if (inside(value)) return value;
      const span = most - least + (isBig ? 1n : 1);
      const offset = isBig ? random.bits(256) % span : random.below(span);
      return least + offset;
    },
    shrink: value => [...(value < 0 && inside(-value) ? [-value] : []), ...$towards(value, target)],
  };
};

const $letters = 'abcdefghijklmnopqrstuvwxyz0123456789 _-ABCXYZ';
const $oddities = ['é', '😀', '"', '\\', '\n', '/', '{', '\u2028'];
const $texts = most => ({
  make(random, size) {
    if (random.chance(12)) return '';
    if (random.chance(24)) return 'a'.repeat(most);
    const length = random.below(Math.min(most, 2 + (size >> 2)) + 1);
    let text = '';
    while (text.length < length) {
      const part = random.chance(10) ? random.pick($oddities) : $letters[random.below($letters.length)];
      if (text.length + part.length > most) break;
      text += part;
    }
    return text;
  },
  shrink(text) {
    const found = text.length > 0 ? ['', text.slice(0, text.length >> 1)] : [], units = [...text];
    for (let i = 0; i < units.length && i < 32; i++) found.push([...units.slice(0, i), ...units.slice(i + 1)].join(''));
    for (let i = 0; i < units.length && i < 32; i++) if (units[i] !== 'a') found.push([...units.slice(0, i), 'a', ...units.slice(i + 1)].join(''));
    return found.filter(item => item.isWellFormed());
  },
});
const $choose = list => ({
  make: random => random.pick(list),
  shrink: value => list.slice(0, Math.max(0, list.findIndex(item => $same(item, value)))),
});
const $hex = most => ({
  make(random, size) {
    const count = random.below(Math.min(most, 1 + (size >> 2)) + 1);
    let text = '';
    for (let i = 0; i < count * 2; i++) text += '0123456789abcdef'[random.below(16)];
    return text;
  },
  shrink: text => [...(text === '' ? [] : ['', text.slice(0, text.length >> 2 << 1), text.slice(2)]), ...(/[^0]/.test(text) ? ['0'.repeat(text.length)] : [])],
});
const $optionally = inner => ({
  make: (random, size) => (random.chance(4) ? undefined : inner.make(random, size)),
  shrink: value => (value === undefined ? [] : [undefined, ...inner.shrink(value)]),
});

const $powers = [1n, 2n, 10n, 100n, 255n, 256n, 1000n, 10n ** 8n, 1n << 53n, (1n << 64n) - 1n, 1n << 64n];
const $smallPowers = [1, 2, 10, 100, 255, 256, 65535, 65536, 4294967295, 4294967296];
const $amountMost = (1n << 256n) - 1n;

/// The generator for a declared type such as 'string(32)?', a list to choose from, or a generator.
const $generatorFor = wanted => {
  if ($isArray(wanted)) return $choose(wanted);
  if ($isObject(wanted) && typeof wanted.make === 'function') return wanted;
  const type = $typeOf(wanted);
  if (type === null) throw $failureOf('FuzzError', `${$show(wanted)} is no type; there are ${$typeNames}, lists of values, and fuzz.uint(…), fuzz.amount(…)`);
  const plain = {
    uint: () => $numbers(0, Number.MAX_SAFE_INTEGER, $smallPowers, false),
    int: () => $numbers(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, [0, -1, ...$smallPowers], false),
    amount: () => $numbers(0n, $amountMost, $powers, true),
    bigint: () => $numbers(-$amountMost, $amountMost, [0n, -1n, ...$powers], true),
    string: () => $texts(Math.min(type.most, 4096)),
    address: () => $choose([...$known.accounts.map(item => item.address), $known.address]),
    bool: () => $choose([false, true]),
    bytes: () => $hex(Math.min(type.most, 4096)),
    json: () => $choose([null, 0, '', [], {}, { a: 1 }, ['a', [1.5, true]]]),
  }[type.name]();
  return type.optional ? $optionally(plain) : plain;
};

const $makeAll = (generators, random, size) => {
  const values = {};
  for (const name of $keys(generators)) {
    const value = generators[name].make(random, size);
    if (value !== undefined) values[name] = value;
  }
  return values;
};
const $shrinkAll = (generators, values) => $keys(generators).flatMap(name => generators[name].shrink(values[name]).map(item => {
  if (item !== undefined) return { ...values, [name]: item };
  const { [name]: dropped, ...rest } = values;
  return rest;
}));

const $mostShrinks = 2000;

/// Goes on to simpler values as long as they fail in the same way.
const $least = async (value, error, candidates, failure) => {
  const kind = $kindOf(error);
  for (let tries = 0, found = true; found;) {
    found = false;
    for (const simpler of candidates(value)) {
      if (++tries > $mostShrinks) return { value, error };
      const other = await failure(simpler);
      if (other !== undefined && $kindOf(other.error) === kind) { value = simpler; error = other.error; found = true; break; }
    }
  }
  return { value, error };
};
