import { describe, it, assert, fixture, fuzz, invariant, accounts, chain } from 'etm:test'

const { alice, bob, carol } = accounts
const sold = fixture(async () => {
  await chain.call('lottery.open', { price: 5n }, { from: alice })
  for (const from of [bob, carol, bob]) await chain.call('lottery.enter', { id: 1 }, { from })
})
const closed = fixture(async () => {
  await sold()
  await chain.call('lottery.close', { id: 1 }, { from: alice })
})
const pot = async () => (await chain.state('Pool')).reduce((sum, pool) => sum + (pool.round === 0 ? pool.pot : 0n), 0n)

describe('lottery', () => {
  it('takes the price of every entry', async () => {
    await sold()
    assert.equal(await chain.balance(chain.address), 15n)
    assert.equal((await chain.state('Entry')).map(entry => entry.who), [bob.address, carol.address, bob.address])
  })

  it('sells nothing once it is closed', async () => {
    await closed()
    await assert.rejects(chain.call('lottery.enter', { id: 1 }, { from: bob }), /is closed/)
    await assert.rejects(chain.call('lottery.close', { id: 1 }, { from: alice }), /is closed/)
  })

  it('cannot be drawn before the round has ended', async () => {
    await closed()
    const r = await chain.try('lottery.draw', { id: 1 }, { from: bob })
    assert.equal([r.ok, await pot()], [false, 15n])
  })

  fuzz('one who entered gets the whole pot, once', { outcome: 'string' }, async ({ outcome }) => {
    await closed()
    assert.equal(await chain.settle(outcome), 1)
    const { returned } = await chain.call('lottery.draw', { id: 1 }, { from: carol })
    assert.includes([bob.address, carol.address], returned.winner)
    assert.equal(await chain.balance(chain.address), 0n)
    await assert.rejects(chain.call('lottery.draw', { id: 1 }, { from: carol }), /was drawn/)
  })

  invariant('what is held is what can be won', async () => assert.equal(await chain.balance(chain.address), await pot()), { start: sold })
})
