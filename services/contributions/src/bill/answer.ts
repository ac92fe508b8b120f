/** A bill and its row as callers read them. */
import type { BillJson, SupplementJson } from '@tongchou/contracts/http/contributions/bill.ts'
import { fenToJson, sum } from '@tongchou/contracts/money.ts'
import type { BusinessDate } from '@tongchou/contracts/time.ts'
import { lateFeeOn, openPayersOf, owedBy } from './arrears.ts'
import type { Bill, Bills } from './state.ts'
import type { BillRow } from './view.ts'

/** The bill of the period with its supplements. */
export function billJson({ bills }: Bills, on: BusinessDate): BillJson {
  const [bill, ...supplements] = bills.map(one => oneJson(one, on))
  if (bill === undefined) throw new Error('what is known was billed')
  return { ...bill, supplements }
}

function oneJson(bill: Bill, on: BusinessDate): SupplementJson {
  const { issued, noticeOn, payments, undone, withdrawn } = bill
  const { billId, regionCode, scheme, period, personId, employerNo, packHash, packId } = issued
  const { supplementNo, finding, issuedOn, dueOn, lateFee } = issued
  return {
    ...{ billId, supplementNo, regionCode, scheme, period, personId, employerNo, packHash, packId },
    ...{ issuedOn, dueOn, noticeOn },
    finding: finding === null ? null : { ...finding },
    withdrawn: withdrawn && {
      ...{ withdrawalNo: withdrawn.withdrawalNo, reason: withdrawn.reason },
      withdrawnOn: withdrawn.withdrawnOn,
    },
    undone: undone.map(({ receiptNo, reason, undoneOn, ...amounts }) => ({
      ...{ receiptNo, reason, undoneOn },
      amountFen: fenToJson(amounts.amountFen),
      lateFeeFen: fenToJson(amounts.lateFeeFen),
    })),
    lateFee: lateFee === null ? null : { ...lateFee },
    baseFen: fenToJson(issued.baseFen),
    totalFen: fenToJson(issued.totalFen),
    lines: issued.lines.map(line => ({
      ...line,
      clauses: [...line.clauses],
      amountFen: fenToJson(line.amountFen),
    })),
    payments: payments.map(({ receiptNo, payers, lateDays, paidOn, ...amounts }) => ({
      ...{ receiptNo, payers: [...payers], lateDays, paidOn },
      amountFen: fenToJson(amounts.amountFen),
      lateFeeFen: fenToJson(amounts.lateFeeFen),
    })),
    owed: owedJson(bill, on),
  }
}

function owedJson(bill: Bill, on: BusinessDate): SupplementJson['owed'] {
  const payers = openPayersOf(bill)
  const { duesFen, days, feeFen } = owedBy(bill, payers, on)
  return {
    ...{ on, payers: [...payers], lateDays: days },
    duesFen: fenToJson(duesFen),
    lateFeeFen: fenToJson(feeFen),
    owedFen: fenToJson(sum(duesFen, feeFen)),
  }
}

export function rowJson(row: BillRow) {
  const { billId, supplementNo, regionCode, scheme, period, personId, employerNo } = row
  const { dueOn, noticeOn, withdrawnOn } = row
  return {
    ...{ billId, supplementNo, regionCode, scheme, period, personId, employerNo },
    ...{ dueOn, noticeOn, withdrawnOn },
    totalFen: fenToJson(row.totalFen),
    openFen: fenToJson(row.openFen),
  }
}

/** The row with the late fee of all that is open, were it paid on the day. */
export function arrearsJson(row: BillRow, on: BusinessDate) {
  const { dueOn, noticeOn, noticeDays, perDayBp, openFen: duesFen } = row
  const lateFee = noticeDays === null || perDayBp === null ? null : { noticeDays, perDayBp }
  const { days, feeFen } = lateFeeOn({ duesFen, dueOn, noticeOn, lateFee }, on)
  return { ...rowJson(row), lateDays: days, lateFeeFen: fenToJson(feeFen) }
}
