export default {
  name: 'Entry',
  key: 'id',
  fields: { id: 'string(64)', pool: 'uint', who: 'address' },
  index: ['pool'],
}
