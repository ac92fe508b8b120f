/**
 * Claims and windows as others read them. Of a claim: regions, institution, money by fund and
 * layer, the day; nothing that tells of the person, and no text that people type.
 */
import type {
  ClaimReversed,
  ClaimSettled,
  PairRow,
  PaymentConfirmed,
  WindowNetted,
} from '@tongchou/contracts/events.generated.ts'
import { sum, ZERO } from '@tongchou/contracts/money.ts'
import type { ClaimSettled as PublicClaim } from '@tongchou/contracts/public-events.generated.ts'
import { PUBLIC_TOPICS } from '@tongchou/contracts/public-topics.ts'
import { numbered, type Publisher, type Said, say } from '@tongchou/runtime/public/port.ts'

const { claim: CLAIMS, window: WINDOWS, windowState: ROWS } = PUBLIC_TOPICS

export const publish: Publisher = {
  events: new Set(['ClaimSettled', 'ClaimReversed', 'WindowNetted', 'PaymentConfirmed']),
  publicEvents: event => {
    switch (event.type) {
      case 'ClaimSettled':
      case 'ClaimReversed':
        return numbered(event, [claimSaid(event.type, event.position, event.data)])
      case 'WindowNetted':
        return numbered(event, windowSaid(event.data))
      case 'PaymentConfirmed':
        return numbered(event, paymentSaid(event.data))
      default:
        return []
    }
  },
}

function claimSaid(
  type: 'ClaimSettled' | 'ClaimReversed',
  position: bigint,
  claim: ClaimSettled | ClaimReversed,
): Said {
  const { claimId, insuredRegion, treatingRegion } = claim
  const place = { key: claimId, regions: [insuredRegion, treatingRegion] }
  return say(CLAIMS, type, { ...place, data: claimData(position, claim) })
}

function claimData(position: bigint, claim: ClaimSettled | ClaimReversed): PublicClaim {
  const { claimId, institutionCode, insuredRegion, treatingRegion, scheme, kind, endOn } = claim
  const { fullSelfFen, overLimitFen, firstShareFen, inScopeFen, totalFen, packHash } = claim
  const { pooledFen, catastrophicFen, otherFundFen, accountFen, cashFen, layers } = claim
  const paidFen = sum(pooledFen, catastrophicFen, otherFundFen, accountFen)
  return {
    ...{ position, claimId, institutionCode, insuredRegion, treatingRegion, scheme, kind },
    ...{ endOn, packHash, fullSelfFen, overLimitFen, firstShareFen, inScopeFen },
    ...{ pooledFen, catastrophicFen, otherFundFen, accountFen, cashFen, totalFen },
    owedFen: insuredRegion === treatingRegion ? ZERO : paidFen,
    shares: layers.map(({ layer, fund, amountFen }) => ({ layer, fund, amountFen })),
  }
}

function windowSaid(netted: WindowNetted): readonly Said[] {
  const { windowId, windowNo, label, fromPosition, cutPosition, digest, pairs } = netted
  const window = { windowId, windowNo, label, fromPosition, cutPosition, digest }
  const nets = netted.nets.map(({ regionCode, netFen }) => ({ regionCode, netFen }))
  const place = { key: windowId, regions: null }
  return [
    say(WINDOWS, 'WindowNetted', { ...place, data: { ...window, pairs: pairs.length, nets } }),
    ...pairs.map(pair => pairSaid(netted, pair)),
    say(ROWS, 'WindowState', { ...place, data: { ...window, regions: nets.length } }),
    ...nets.map(net => netRow({ windowId, windowNo, ...net, paidOn: null })),
  ]
}

function pairSaid({ windowId, windowNo }: WindowNetted, pair: PairRow): Said {
  const { insured: insuredRegion, treating: treatingRegion, claims, funds } = pair
  const { pooledFen, catastrophicFen, otherFundFen, accountFen, owedFen } = pair
  const data = {
    ...{ windowId, windowNo, insuredRegion, treatingRegion, claims },
    ...{ pooledFen, catastrophicFen, otherFundFen, accountFen, owedFen },
    funds: funds.map(({ fund, amountFen }) => ({ fund, amountFen })),
  }
  return say(WINDOWS, 'PairNetted', {
    ...{ key: windowId, subject: `${windowId}/${insuredRegion}/${treatingRegion}` },
    ...{ regions: [insuredRegion, treatingRegion], data },
  })
}

function paymentSaid(confirmed: PaymentConfirmed): readonly Said[] {
  const { windowId, windowNo, regionCode, netFen, paidOn } = confirmed
  const data = { windowId, windowNo, regionCode, netFen, paidOn }
  const place = { key: windowId, subject: `${windowId}/${regionCode}`, regions: [regionCode] }
  return [say(WINDOWS, 'PaymentConfirmed', { ...place, data }), netRow(data)]
}

type Net = Pick<PaymentConfirmed, 'windowId' | 'windowNo' | 'regionCode' | 'netFen'> & {
  readonly paidOn: PaymentConfirmed['paidOn'] | null
}

function netRow(data: Net): Said {
  const { windowId, regionCode } = data
  return say(ROWS, 'NetState', { key: `${windowId}/${regionCode}`, regions: [regionCode], data })
}
