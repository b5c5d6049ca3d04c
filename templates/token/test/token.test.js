import { describe, it, assert, fixture, fuzz, invariant, accounts, chain } from 'etm:test'

const { alice, bob, carol } = accounts
const created = fixture(() => chain.call('token.create', { name: 'Gold', symbol: 'GLD', decimals: 2, supply: 1000n }, { from: alice }))

const balanceOf = async account => BigInt((await chain.query(`balance/${account.address}`)).balance)
const supply = async () => (await chain.state('Token'))[0]?.supply ?? 0n
const sum = async () => (await chain.state('Account')).reduce((total, row) => total + row.balance, 0n)

describe('token', () => {
  it('gives the whole supply to its creator', async () => {
    const r = await created()
    assert.equal(r.events[0].name, 'created')
    assert.equal(await balanceOf(alice), 1000n)
    await assert.rejects(chain.call('token.create', { name: 'Lead', symbol: 'LD', decimals: 0, supply: 1n }, { from: bob }), /exists already/)
  })

  it('moves what its owner sends', async () => {
    await created()
    const r = await chain.call('token.transfer', { to: bob.address, amount: 5n }, { from: alice })
    assert.equal(r.events, [{ name: 'transfer', data: { from: alice.address, to: bob.address, amount: '5' } }])
    assert.equal(await balanceOf(bob), 5n)
    await assert.rejects(chain.call('token.transfer', { to: alice.address, amount: 6n }, { from: bob }), /holds 5 and needs 6/)
  })

  it('lets others move what was allowed, and no more', async () => {
    await created()
    await chain.call('token.approve', { spender: bob.address, amount: 100n }, { from: alice })
    const move = { from: alice.address, to: carol.address }
    await chain.call('token.transferFrom', { ...move, amount: 60n }, { from: bob })
    await assert.rejects(chain.call('token.transferFrom', { ...move, amount: 41n }, { from: bob }), /allowed 40/)
    assert.equal(await balanceOf(carol), 60n)
  })

  it('stops while it is paused', async () => {
    await created()
    await assert.rejects(chain.call('token.pause', { paused: true }, { from: bob }), /only .* may do this/)
    const [paused, transfer] = await chain.block([
      ['token.pause', { paused: true }, { from: alice }],
      ['token.transfer', { to: bob.address, amount: 1n }, { from: alice }],
    ])
    assert(paused.ok)
    assert.equal(transfer.error.message, 'transfers are paused')
  })

  it('mints and burns', async () => {
    await created()
    await chain.call('token.mint', { to: bob.address, amount: 7n }, { from: alice })
    await chain.call('token.burn', { amount: 2n }, { from: bob })
    assert.equal([await supply(), await balanceOf(bob)], [1005n, 5n])
  })

  fuzz('a transfer keeps the sum', { to: 'address', amount: 'amount' }, async ({ to, amount }) => {
    await created()
    const r = await chain.try('token.transfer', { to, amount }, { from: alice })
    assert.equal(r.ok, amount <= 1000n)
    assert.equal(await sum(), 1000n)
  })

  invariant('the supply is the sum of all balances', async () => assert.equal(await sum(), await supply()), { start: created })
})
