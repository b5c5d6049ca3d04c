export default {
  name: 'Name',
  key: 'name',
  fields: { name: 'string(32)', owner: 'address', height: 'uint' },
  index: ['owner'],
}
