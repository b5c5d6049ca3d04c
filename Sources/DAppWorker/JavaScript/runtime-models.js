'use strict';
// Models: typed rows over the host's records.
//
// Layout of a DApp's records, all keys in byte order:
//   Name 00 key                     → the row as JSON, fields in the order of the model
//   @Name/field 00 value            → the key as JSON               (unique fields)
//   @Name/field 00 value 00 key     → the key as JSON               (indexed fields; no 00 after a number)
//   @Name#count                     → the number of rows in decimal
// A uint is 8 big-endian bytes, an int the same with the sign bit turned, an amount 64 hexadecimal digits, a bool one
// digit, everything else its UTF-8 text, in which U+0000 is refused.
//
// Rows live here while a delivery runs; a journal undoes what a failing call did. Prices do not depend on what is cached.

const $models = new $Map();
let $journal = [], $records = 0, $isReadOnly = false;

const $price = $freeze({ get: 300, put: 600, index: 300, find: 500, row: 100, pay: 500, balance: 200, emit: 200, log: 100 });

const $touch = price => {
  $charge(price);
  if (++$records > $recordLimit) $stop('RecordLimit', `A call reads or writes more than ${$recordLimit} records.`);
};
let $recordLimit = 1024;

const $broken = (model, text) => $fault($status.failed, 'Model', `${model.name}: ${text}`);
const $mayWrite = model => { if ($isReadOnly) throw $broken(model, 'a query cannot change rows.'); };

/// Compiles the default export of a model file.
const $defineModel = definition => {
  const wrong = text => $fault($status.failed, 'Declaration', text);
  if (!$isObject(definition)) throw wrong('A model file exports default { name, key, fields, unique, index }.');
  for (const name of $keys(definition)) if (!['name', 'key', 'fields', 'unique', 'index'].includes(name)) throw wrong(`A model has no ${name}; it has name, key, fields, unique and index.`);
  const { name, key } = definition;
  if (typeof name !== 'string' || !$isIdentifier(name)) throw wrong('The name of a model is a plain name of at most 32 characters.');
  if ($mapGet.call($models, name)) throw wrong(`There are two models ${name}.`);
  const fields = $typesOf(definition.fields, `fields of ${name}`);
  if (fields.length === 0) throw wrong(`The model ${name} has no fields.`);
  const keyType = fields.find(type => type.field === key);
  if (!keyType || keyType.optional || keyType.kind.ordered === null || keyType.name === 'bool') throw wrong(`The key of ${name} must be one of its fields, always present, and of a type with an order.`);
  const model = { name, key, fields, keyType, indexes: [], rows: new $Map(), unsynced: new $Set(), isSynced: false, count: undefined, countWas: undefined };
  const ordered = { unsigned: 0, signed: 1, text: 2, big: 3 };
  model.table = $host.table(`${name}\0`, ordered[keyType.kind.ordered], -1);
  model.countTable = $host.table(`@${name}#count`, 2, -1);
  for (const [list, isUnique] of [[definition.unique ?? [], true], [definition.index ?? [], false]]) {
    if (!$isArray(list)) throw wrong(`unique and index of ${name} are lists of fields.`);
    for (const field of list) {
      const type = fields.find(type => type.field === field);
      if (!type || type.kind.ordered === null || field === key) throw wrong(`${name} cannot have an index on ${field}.`);
      const table = $host.table(`@${name}/${field}\0`, ordered[type.kind.ordered], isUnique ? -1 : ordered[keyType.kind.ordered]);
      model.indexes.push({ field, type, isUnique, table });
    }
  }
  $compileModel(model);
  $mapSet.call($models, name, model);
  return model;
};

/// The row under a key, or null; from memory or from the host.
const $load = (model, key) => {
  let row = $mapGet.call(model.rows, key);
  if (row !== undefined) return row;
  const text = $host.read(model.table, model.keyType.kind.key(key));
  row = text === undefined ? null : model.code.decode(text);
  $mapSet.call(model.rows, key, row);
  return row;
};
const $keep = (model, key, row, old) => {
  $journal[$journal.length] = { model, key, old };
  $mapSet.call(model.rows, key, row);
};

const $readCount = model => {
  if (model.count === undefined) model.count = +($host.read(model.countTable, '') ?? '0');
  return model.count;
};
const $changeCount = (model, change) => {
  const old = $readCount(model);
  $journal[$journal.length] = { model, key: $countMark, old };
  model.count = old + change;
};
const $countMark = $freeze({ __proto__: null });

/// A key or an indexed value as given by a contract.
const $checkValue = (model, type, value) => {
  const found = value === undefined || value === null ? undefined : type.kind.check(value, type.most);
  if (found === undefined) throw $broken(model, `${type.field} must be ${$describe(type)}.`);
  if (typeof found === 'string' && (found.length > 128 || $textIndexOf.call(found, '\0') >= 0)) throw $broken(model, `${type.field} is a key: at most 128 characters, none of them U+0000.`);
  return found;
};

/// The key that a query such as { id: 1 } or { uniqueField: value } names; undefined when no row has the value.
const $resolve = (model, query) => {
  const quick = model.code.resolve(query);
  if (quick !== undefined) return quick;
  if (!$isObject(query)) return $checkValue(model, model.keyType, query);
  const names = $keys(query);
  if (names.length !== 1) throw $broken(model, `name one field: ${model.key} or a unique one.`);
  if (names[0] === model.key) return $checkValue(model, model.keyType, query[model.key]);
  const index = model.indexes.find(index => index.isUnique && index.field === names[0]);
  if (!index) throw $broken(model, `${names[0]} is neither the key nor unique; use find.`);
  $touch($price.index);
  const text = $host.read(index.table, index.type.kind.key($checkValue(model, index.type, query[names[0]])));
  return text === undefined ? undefined : $keyFromText(model, text);
};
const $keyFromText = (model, text) => { const value = $parse(text); return model.keyType.kind.big ? $BigInt(value) : value; };

const $updateIndexes = (model, key, old, row) => {
  const { indexes } = model, pk = model.keyType.kind.key(key), text = model.keyType.kind.json(key);
  for (let i = 0; i < indexes.length; i++) {
    const { field, type, isUnique, table } = indexes[i];
    const before = old === null ? null : old[field], after = row === null ? null : row[field];
    if (before === after) continue;
    $touch($price.index);
    if (before !== null) $host.unlink(table, type.kind.key(before), pk);
    if (after === null) continue;
    $checkValue(model, type, after);
    if (isUnique && $host.read(table, type.kind.key(after)) !== undefined) throw $fault($status.rejected, 'NotUnique', `${model.name}: another row has this ${field}.`);
    $host.link(table, type.kind.key(after), pk, text);
  }
};

const $put = (model, values) => {
  $mayWrite(model);
  if (!$isObject(values)) throw $broken(model, 'a row is an object.');
  const row = model.code.check(values), key = row[model.key];
  $touch($price.put + 4 * model.code.weight(row));
  const old = $load(model, key);
  if (model.indexes.length > 0) $updateIndexes(model, key, old, row);
  if (old === null) $changeCount(model, 1);
  $keep(model, key, row, old);
};

const $remove = (model, query) => {
  $mayWrite(model);
  const key = $resolve(model, query);
  if (key === undefined) return false;
  $touch($price.put);
  const old = $load(model, key);
  if (old === null) return false;
  $updateIndexes(model, key, old, null);
  $changeCount(model, -1);
  $keep(model, key, null, old);
  return true;
};

/// Brings the host's records of a model up to date, before a scan or at the end of a delivery.
const $sync = model => {
  const push = key => {
    const row = $mapGet.call(model.rows, key);
    $host.write(model.table, model.keyType.kind.key(key), row === null ? undefined : model.code.encode(row));
  };
  for (const key of model.unsynced) push(key);
  model.unsynced = new $Set();
  for (let i = 0; i < $journal.length; i++) if ($journal[i].model === model && $journal[i].key !== $countMark) { model.isSynced = true; push($journal[i].key); }
};

/// What `model('Name')` gives: the same frozen object each time, without state.
const $makeHandle = model => $freeze({
  get(query) {
    const key = $resolve(model, query);
    $touch($price.get);
    const row = key === undefined ? null : $load(model, key);
    if (row === null) return undefined;
    $charge(2 * model.code.weight(row));
    return model.code.copy(row);
  },
  exists(query) {
    const key = $resolve(model, query);
    $touch($price.get);
    return key !== undefined && $load(model, key) !== null;
  },
  put(row) { $put(model, row); },
  delete(query) { return $remove(model, query); },
  find(options) { return $find(model, options); },
  page(options) { return $page(model, options); },
  count(where) { return $countRows(model, where); },
});
