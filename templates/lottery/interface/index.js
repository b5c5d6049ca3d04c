import { model, query, random, reject } from 'etm:dapp'

const pools = model('Pool')
const entries = model('Entry')

export const pool = query({ path: 'pool/:id', params: { id: 'uint' } }, async (ctx, { id }) => {
  const pool = await pools.get({ id }) ?? reject('there is no pool {id}', { id })
  return { ...pool, ready: pool.after !== 0 && random.ready({ after: pool.after }) }
})

export const list = query({ path: 'entries/:pool', params: { pool: 'uint' } }, async (ctx, { pool }) => ({
  entries: await entries.find({ where: { pool }, limit: 100 }),
}))
