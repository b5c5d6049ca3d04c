'use strict';
// Counts for covered code; a chain's worker never loads this.

const $hits = [];
const $h = site => { $hits[site] = ($hits[site] ?? 0) + 1; };

globalThis.entries.hits = () => {
  let text = '';
  for (let i = 0; i < $hits.length; i++) text += `${i > 0 ? ',' : ''}${$hits[i] ?? 0}`;
  return text;
};
