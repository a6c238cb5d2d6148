// @interledger/pay as the payer: args {url, token, http2, asset, payments: [{address, secret, amount}]}. All payments run at once. Writes
// one line each:
// {index, sent, delivered, receipt, error, quoted: {maxPacket}}
import { closeConnection, pay, setupPayment, startQuote } from '@interledger/pay'
import { args, fail, onLine, write } from './lines.mjs'
import { httpPlugin } from './plugin.mjs'

const plugin = httpPlugin(args)

async function payOne({ address, secret, amount }, index) {
  try {
    const destination = await setupPayment({ plugin, destinationAddress: address, sharedSecret: Buffer.from(secret, 'base64') })
    const quote = await startQuote({
      plugin,
      destination,
      amountToSend: BigInt(amount),
      sourceAsset: args.asset,
      prices: {},
      slippage: args.slippage ?? 0,
    })
    const outcome = await pay({ plugin, destination, quote })
    await closeConnection(plugin, destination)
    write({
      index,
      sent: outcome.amountSent,
      delivered: outcome.amountDelivered,
      receipt: outcome.streamReceipt ? Buffer.from(outcome.streamReceipt).toString('base64') : null,
      error: outcome.error ?? null,
      asset: destination.destinationAsset,
    })
  } catch (error) {
    write({ index, error: String(error?.message ?? error) })
  }
}

onLine(() => {})
await plugin.connect()
await Promise.all(args.payments.map(payOne)).catch(fail)
