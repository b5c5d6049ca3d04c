'use strict';
// Queries: what `find`, `page` and `count` understand, compiled to tests of rows and to a way through the records.
//
//   where  { field: value } or { field: { $eq $ne $gt $gte $lt $lte $in $nin $between $like } },
//          $and: [where, …], $or: [where, …], $not: where; several members hold together
//   sort   'field', '-field', or a list of up to four; rows that are equal come in the order of their keys
//   limit  1 to 100; after: a key, or the `next` of a page
//
// The way is the narrowest that the conditions allow: one row, the rows of a list of keys, the entries of one indexed
// value, a range of keys or of indexed values, or all rows. What it passes and the tests refuse is paid for too.

const $most = $freeze({ conditions: 64, depth: 8, choices: 100, pattern: 256, sorts: 4, page: 100 });

/// Order of two values of one type; a missing one comes first.
const $order = (a, b) => {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  return (typeof a === 'string' ? $host.precedes(a, b) : a < b) ? -1 : 1;
};

/// True when the text fits the pattern: % stands for any characters, _ for one, \ for the next as it is.
const $isLike = (text, pattern) => {
  let at = 0, part = 0, star = -1, mark = 0, steps = 0;
  while (at < text.length) {
    if ((++steps & 15) === 0) $charge(2);
    const wanted = pattern[part];
    if (wanted !== undefined && (wanted === $anyOne || wanted === text[at])) { at++; part++; continue; }
    if (wanted === $anyRun) { star = part++; mark = at; continue; }
    if (star < 0) return false;
    part = star + 1;
    at = ++mark;
  }
  while (pattern[part] === $anyRun) part++;
  return part === pattern.length;
};
const $anyRun = $freeze({ __proto__: null }), $anyOne = $freeze({ __proto__: null });

const $patternOf = (model, field, text) => {
  if (typeof text !== 'string' || text.length > $most.pattern) throw $broken(model, `$like of ${field} takes text of at most ${$most.pattern} characters.`);
  const parts = [];
  for (let i = 0; i < text.length; i++) {
    const unit = text[i];
    if (unit === '\\' && i + 1 < text.length) parts[parts.length] = text[++i];
    else if (unit === '%') { if (parts[parts.length - 1] !== $anyRun) parts[parts.length] = $anyRun; }
    else parts[parts.length] = unit === '_' ? $anyOne : unit;
  }
  return parts;
};

// One condition on one field; each gives a test of a value and, where it narrows the way, says so in `facts`.
const $conditions = $freeze({
  __proto__: null,
  $eq: (given, value, facts) => { facts.equal = value; return held => held === value; },
  $ne: (given, value) => held => held !== value,
  $gt: (given, value, facts) => { $raise(facts, value); return held => held !== null && $order(held, value) > 0; },
  $gte: (given, value, facts) => { $raise(facts, value); return held => held !== null && $order(held, value) >= 0; },
  $lt: (given, value, facts) => { $lower(facts, value); return held => held !== null && $order(held, value) < 0; },
  $lte: (given, value, facts) => { $lower(facts, value); return held => held !== null && $order(held, value) <= 0; },
});
const $raise = (facts, value) => { if (facts.least === undefined || $order(value, facts.least) > 0) facts.least = value; };
const $lower = (facts, value) => { if (facts.most === undefined || $order(value, facts.most) < 0) facts.most = value; };

/// A value to compare a field with; null stands for a missing one where `mayMiss` says that it can be meant.
const $wanted = (model, type, value, mayMiss) => {
  if (value === null || value === undefined) {
    if (mayMiss) return null;
    throw $broken(model, `${type.field} must be ${$describe(type)}.`);
  }
  const found = type.kind.check(value, type.most);
  if (found === undefined) throw $broken(model, `${type.field} must be ${$describe(type)}.`);
  return found;
};

const $choices = (model, type, list, name) => {
  if (!$isArray(list) || list.length > $most.choices) throw $broken(model, `${name} of ${type.field} takes a list of at most ${$most.choices} values.`);
  const values = [];
  for (let i = 0; i < list.length; i++) values[i] = $wanted(model, type, list[i], true);
  return values;
};
const $holds = (values, held) => {
  for (let i = 0; i < values.length; i++) if (values[i] === held) return true;
  return false;
};

const $condition = (model, type, name, given, facts) => {
  const simple = $conditions[name];
  if (simple !== undefined) return simple(given, $wanted(model, type, given, name === '$eq' || name === '$ne'), facts);
  switch (name) {
    case '$in': { const values = $choices(model, type, given, name); facts.choices = values; return held => $holds(values, held); }
    case '$nin': { const values = $choices(model, type, given, name); return held => !$holds(values, held); }
    case '$between': {
      if (!$isArray(given) || given.length !== 2) throw $broken(model, `$between of ${type.field} takes [least, most].`);
      const least = $wanted(model, type, given[0], false), most = $wanted(model, type, given[1], false);
      $raise(facts, least); $lower(facts, most);
      return held => held !== null && $order(held, least) >= 0 && $order(held, most) <= 0;
    }
    case '$like': {
      if (type.name !== 'string' && type.name !== 'address' && type.name !== 'bytes') throw $broken(model, `$like needs text, and ${type.field} is ${$describe(type)}.`);
      const pattern = $patternOf(model, type.field, given);
      return held => held !== null && $isLike(held, pattern);
    }
    default: throw $broken(model, `there is no ${$slice.call(name, 0, 32)}; there are $eq, $ne, $gt, $gte, $lt, $lte, $in, $nin, $between, $like, $and, $or and $not.`);
  }
};

/// Compiles `where` to a list of tests of a row that must all hold; `facts` is what narrows the way, by field.
const $compileWhere = (model, where, facts, budget, depth) => {
  if (!$isObject(where) || $isArray(where)) throw $broken(model, 'where is an object of fields and conditions.');
  if (depth > $most.depth) throw $broken(model, `where is nested deeper than ${$most.depth} levels.`);
  const tests = [];
  const add = test => {
    if (--budget.left < 0) throw $broken(model, `where has more than ${$most.conditions} conditions.`);
    $charge(20);
    tests[tests.length] = test;
  };
  const names = $keys(where);
  for (let i = 0; i < names.length; i++) {
    const name = names[i], given = where[name];
    if (name === '$and' || name === '$or') {
      if (!$isArray(given) || given.length === 0 || given.length > $most.choices) throw $broken(model, `${name} takes a list of 1 to ${$most.choices} objects like where.`);
      const parts = [];
      for (let j = 0; j < given.length; j++) parts[j] = $compileWhere(model, given[j], name === '$and' ? facts : new $Map(), budget, depth + 1);
      if (name === '$and') for (let j = 0; j < parts.length; j++) add(row => $passes(parts[j], row));
      else add(row => { for (let j = 0; j < parts.length; j++) if ($passes(parts[j], row)) return true; return false; });
    } else if (name === '$not') {
      const part = $compileWhere(model, given, new $Map(), budget, depth + 1);
      add(row => !$passes(part, row));
    } else {
      const type = model.fields.find(type => type.field === name);
      if (!type || type.kind.isText) throw $broken(model, `cannot find by ${$slice.call(name, 0, 32)}.`);
      let known = $mapGet.call(facts, name);
      if (known === undefined) { known = { equal: undefined, least: undefined, most: undefined, choices: undefined }; $mapSet.call(facts, name, known); }
      const operators = $isObject(given) && !$isArray(given) ? $keys(given) : undefined;
      if (operators === undefined) { const test = $condition(model, type, '$eq', given, known); add(row => test(row[name])); continue; }
      if (operators.length === 0) throw $broken(model, `the condition on ${name} is empty.`);
      for (let j = 0; j < operators.length; j++) { const test = $condition(model, type, operators[j], given[operators[j]], known); add(row => test(row[name])); }
    }
  }
  return tests;
};
const $passes = (tests, row) => {
  for (let i = 0; i < tests.length; i++) { $charge(4); if (!tests[i](row)) return false; }
  return true;
};

/// The fields to sort by, each with its direction; none means the order of keys.
const $sortOf = (model, sort) => {
  if (sort === undefined || sort === null) return [];
  const list = $isArray(sort) ? sort : [sort];
  if (list.length > $most.sorts) throw $broken(model, `sort names at most ${$most.sorts} fields.`);
  const fields = [];
  for (let i = 0; i < list.length; i++) {
    const text = list[i];
    if (typeof text !== 'string') throw $broken(model, "sort is a field such as 'price' or '-price', or a list of them.");
    const isDown = text[0] === '-', name = isDown ? $slice.call(text, 1) : text;
    const type = model.fields.find(type => type.field === name);
    if (!type || type.kind.ordered === null && type.name !== 'bigint') throw $broken(model, `cannot sort by ${$slice.call(name, 0, 32)}.`);
    fields[fields.length] = { name, type, isDown };
  }
  return fields;
};

const $rowOrder = (model, sorts, a, b) => {
  for (let i = 0; i < sorts.length; i++) {
    $charge(4);
    const { name, isDown } = sorts[i], order = $order(a[name], b[name]);
    if (order !== 0) return isDown ? -order : order;
  }
  return $order(a[model.key], b[model.key]);
};

// Merging halves: as many comparisons on every engine, and rows that are equal keep their order.
const $sorted = (model, sorts, rows) => {
  if (rows.length < 2) return rows;
  const middle = rows.length >> 1, left = [], right = [];
  for (let i = 0; i < rows.length; i++) if (i < middle) left[i] = rows[i]; else right[i - middle] = rows[i];
  const a = $sorted(model, sorts, left), b = $sorted(model, sorts, right), merged = [];
  let i = 0, j = 0;
  while (i < a.length && j < b.length) merged[merged.length] = $rowOrder(model, sorts, a[i], b[j]) <= 0 ? a[i++] : b[j++];
  while (i < a.length) merged[merged.length] = a[i++];
  while (j < b.length) merged[merged.length] = b[j++];
  return merged;
};

/// Where a page ended: the values of the sort fields and the key, as text that the next page begins after.
const $cursorOf = (model, sorts, row) => {
  let text = '[';
  for (let i = 0; i < sorts.length; i++) { const { name, type } = sorts[i]; text += `${row[name] === null ? 'null' : type.kind.json(row[name])},`; }
  return `${text}${model.keyType.kind.json(row[model.key])}]`;
};
const $cursorRow = (model, sorts, after) => {
  if (after === undefined || after === null) return undefined;
  if (sorts.length === 0 && (typeof after !== 'string' || after[0] !== '[')) return { [model.key]: $checkValue(model, model.keyType, after) };
  const wrong = () => $broken(model, 'after must be the next of a page with the same sort.');
  let values;
  try { values = typeof after === 'string' && after.length <= 8192 ? $parse(after) : undefined; } catch { values = undefined; }
  if (!$isArray(values) || values.length !== sorts.length + 1) throw wrong();
  const row = {};
  for (let i = 0; i < sorts.length; i++) {
    const { name, type } = sorts[i];
    row[name] = values[i] === null ? null : type.kind.check(values[i], type.most);
    if (row[name] === undefined) throw wrong();
  }
  row[model.key] = $checkValue(model, model.keyType, values[sorts.length]);
  return row;
};

const $allowedOptions = ['where', 'sort', 'limit', 'after', 'reverse'];

/// The rows that a query is about, in its order, at most `limit` of them.
const $select = (model, options) => {
  const given = options ?? {};
  if (!$isObject(given)) throw $broken(model, 'find takes an object of options.');
  const names = $keys(given);
  for (let i = 0; i < names.length; i++) if (!$allowedOptions.includes(names[i])) throw $broken(model, `find has no ${$slice.call(names[i], 0, 32)}; it has where, sort, limit, after and reverse.`);
  const { where, limit = 20, after, reverse = false } = given;
  if (!$safeInteger(limit) || limit < 1 || limit > $most.page) throw $broken(model, `limit must be from 1 to ${$most.page}.`);
  const sorts = $sortOf(model, given.sort);
  if (reverse && sorts.length > 0) throw $broken(model, "sort by '-field' instead of reverse.");
  if (reverse) sorts[0] = { name: model.key, type: model.keyType, isDown: true };
  const facts = new $Map(), tests = $compileWhere(model, where ?? {}, facts, { left: $most.conditions }, 0);
  // By key, the cursor is the key itself in either direction.
  const byKey = sorts.length === 0 || sorts[0].name === model.key, cursorSorts = byKey ? [] : sorts;
  const from = $cursorRow(model, cursorSorts, after);
  $touch($price.find);
  $sync(model);
  const way = $way(model, facts, sorts, from);
  const isPast = row => from === undefined || $rowOrder(model, byKey ? $firstSort(sorts) : sorts, row, from) > 0;
  const rows = [];
  for (let key = way.next(); key !== undefined; key = way.next()) {
    $touch($price.row);
    const row = $load(model, key);
    if (row === null) continue;
    $charge(2 * model.code.weight(row));
    if (way.isOver !== undefined && way.isOver(row)) break;
    if (!isPast(row) || !$passes(tests, row)) continue;
    rows[rows.length] = row;
    if (way.isOrdered && rows.length === limit) break;
  }
  const ordered = way.isOrdered ? rows : $sorted(model, sorts, rows);
  const found = [];
  for (let i = 0; i < ordered.length && i < limit; i++) found[i] = ordered[i];
  const isFull = found.length === limit;
  return { found, next: isFull ? $cursorOf(model, cursorSorts, found[limit - 1]) : null };
};
// A sort by key and more is a sort by key.
const $firstSort = sorts => (sorts.length === 0 ? sorts : [sorts[0]]);

const $copies = (model, rows) => {
  const list = [];
  for (let i = 0; i < rows.length; i++) list[i] = model.code.copy(rows[i]);
  return list;
};
const $find = (model, options) => $copies(model, $select(model, options).found);
const $page = (model, options) => { const { found, next } = $select(model, options); return { rows: $copies(model, found), next }; };

/// How many rows fit; all of them without looking when nothing is asked.
const $countRows = (model, where) => {
  if (where === undefined || where === null) { $touch($price.get); return $readCount(model); }
  const facts = new $Map(), tests = $compileWhere(model, where, facts, { left: $most.conditions }, 0);
  $touch($price.find);
  $sync(model);
  const way = $way(model, facts, [], undefined);
  let count = 0;
  for (let key = way.next(); key !== undefined; key = way.next()) {
    $touch($price.row);
    const row = $load(model, key);
    if (row === null) continue;
    if (way.isOver !== undefined && way.isOver(row)) break;
    if ($passes(tests, row)) count++;
  }
  return count;
};

/// The way through the records: `next` gives keys, `isOrdered` says that they come in the order that was asked for, and
/// `isOver` ends it at a row behind the last that could fit.
const $way = (model, facts, sorts, from) => {
  const isByKey = sorts.length === 0 || sorts[0].name === model.key, isDown = isByKey && sorts.length > 0 && sorts[0].isDown;
  const last = isByKey && from !== undefined ? from[model.key] : undefined;
  const ofKey = $mapGet.call(facts, model.key);
  if (ofKey !== undefined) {
    const keys = $keysNamed(ofKey);
    if (keys !== undefined) return $listed(model, keys, isByKey, isDown);
  }
  for (let i = 0; i < model.indexes.length; i++) {
    const index = model.indexes[i], fact = $mapGet.call(facts, index.field);
    if (fact === undefined || fact.equal === undefined || fact.equal === null) continue;
    $checkValue(model, index.type, fact.equal);
    const value = index.type.kind.key(fact.equal);
    if (index.isUnique) {
      const text = $host.read(index.table, value);
      return $listed(model, text === undefined ? [] : [$keyFromText(model, text)], true, false);
    }
    const page = (after, size) => $host.scanIndex(index.table, model.table, value, after, size);
    return { next: $walk(model, last, isDown, page), isOrdered: isByKey };
  }
  const chosen = $sortedIndex(model, facts, sorts) ?? (isByKey && ofKey !== undefined ? undefined : $rangeIndex(model, facts));
  if (chosen !== undefined) return $range(model, chosen, $mapGet.call(facts, chosen.field), sorts, from);
  const least = ofKey?.least, most = ofKey?.most;
  const page = (after, size) => $host.scan(model.table, after, size);
  // Upwards a range of keys begins at its least and ends behind its most; downwards everything is read first.
  const start = least !== undefined && (last === undefined || $order(least, last) > 0) ? least : undefined;
  const isOver = most === undefined || isDown ? undefined : row => $order(row[model.key], most) > 0;
  const walk = $walk(model, isDown ? last : start === undefined ? last : undefined, isDown, page);
  return { next: start === undefined || isDown ? walk : $from(model, start, page), isOrdered: isByKey, isOver };
};

/// The keys that equality or a list of choices names, each once.
const $keysNamed = fact => {
  if (fact.equal !== undefined) return fact.equal === null ? [] : [fact.equal];
  if (fact.choices === undefined) return undefined;
  const keys = [];
  for (let i = 0; i < fact.choices.length; i++) if (fact.choices[i] !== null && !$holds(keys, fact.choices[i])) keys[keys.length] = fact.choices[i];
  return keys;
};

const $listed = (model, keys, isByKey, isDown) => {
  const rows = [];
  for (let i = 0; i < keys.length; i++) rows[i] = { [model.key]: keys[i] };
  const ordered = $sorted(model, isDown ? [{ name: model.key, isDown: true }] : [], rows);
  let at = 0;
  return { next: () => (at < ordered.length ? ordered[at++][model.key] : undefined), isOrdered: isByKey };
};

/// An index whose order is the one that was asked for; rows without a value are not in it, so they must be out anyway.
const $sortedIndex = (model, facts, sorts) => {
  if (sorts.length !== 1 || sorts[0].isDown || sorts[0].name === model.key) return undefined;
  const index = model.indexes.find(index => index.field === sorts[0].name);
  if (index === undefined) return undefined;
  const fact = $mapGet.call(facts, index.field);
  return !index.type.optional || fact !== undefined && (fact.least !== undefined || fact.most !== undefined) ? index : undefined;
};
const $rangeIndex = (model, facts) => model.indexes.find(index => {
  const fact = $mapGet.call(facts, index.field);
  return fact !== undefined && (fact.least !== undefined || fact.most !== undefined);
});

/// Along the values of an index, from the least that can fit.
const $range = (model, index, fact, sorts, from) => {
  const isOrdered = sorts.length === 1 && sorts[0].name === index.field && !sorts[0].isDown;
  const least = fact?.least, most = fact?.most;
  let start = least, key;
  if (isOrdered && from !== undefined && from[index.field] !== null && (least === undefined || $order(from[index.field], least) >= 0)) { start = from[index.field]; key = from[model.key]; }
  const page = (after, size) => $host.scanEntries(index.table, after === undefined ? start === undefined ? undefined : index.type.kind.key(start) : after.value, after === undefined ? key === undefined ? undefined : model.keyType.kind.key(key) : after.key, size);
  const isOver = most === undefined ? undefined : row => $order(row[index.field], most) > 0;
  return { next: $entries(model, index, page), isOrdered, isOver };
};

// Entries come as the key's text; the next page begins after the last row's value and key.
const $entries = (model, index, page) => {
  let list = [], place = 0, after, isDone = false;
  return () => {
    if (place === list.length) {
      if (isDone) return undefined;
      const size = 64, text = page(after, size), texts = text === '' ? [] : $split.call(text, '\n');
      list = texts.map(text => $keyFromText(model, text));
      place = 0;
      isDone = list.length < size;
      if (list.length === 0) return undefined;
      const last = list[list.length - 1], row = $load(model, last);
      if (row !== null && row[index.field] !== null) after = { value: index.type.kind.key(row[index.field]), key: model.keyType.kind.key(last) };
      else isDone = true;
    }
    return list[place++];
  };
};

/// A range of keys includes its least: that row first, then what follows it.
const $from = (model, start, page) => {
  let isFirst = true, rest;
  return () => {
    if (isFirst) { isFirst = false; rest = $walk(model, start, false, page); if ($load(model, start) !== null) return start; }
    return rest();
  };
};

/// A function that gives key after key of a scan, from behind `last`.
const $walk = (model, last, isDown, page) => {
  const ordered = key => model.keyType.kind.key(key);
  let list = [], place = 0, from = last === undefined || isDown ? undefined : ordered(last), isDone = false;
  const refill = () => {
    const size = 64, text = page(from, size), texts = text === '' ? [] : $split.call(text, '\n');
    list = texts.map(text => $keyFromText(model, text));
    place = 0;
    isDone = list.length < size;
    if (list.length > 0) from = ordered(list[list.length - 1]);
  };
  if (!isDown) {
    return () => {
      if (place === list.length) { if (isDone) return undefined; refill(); }
      return list[place++];
    };
  }
  // Records can be read upwards only, so the way down reads them all first, at a price for each.
  const all = [];
  do { refill(); for (let i = 0; i < list.length; i++) { $charge(20); if (last === undefined || $order(list[i], last) < 0) all[all.length] = list[i]; } } while (!isDone);
  let at = all.length;
  return () => (at > 0 ? all[--at] : undefined);
};
