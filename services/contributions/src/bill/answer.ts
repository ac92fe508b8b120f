/** A bill and its row as callers read them. */
import type { BillJson } from '@tongchou/contracts/http/contributions/bill.ts'
import { fenToJson, sum } from '@tongchou/contracts/money.ts'
import type { BusinessDate } from '@tongchou/contracts/time.ts'
import { lateFeeOn, openPayersOf, owedBy } from './arrears.ts'
import type { Bill } from './state.ts'
import type { BillRow } from './view.ts'

export function billJson(bill: Bill, on: BusinessDate): BillJson {
  const { issued, noticeOn, payments } = bill
  const { billId, regionCode, scheme, period, personId, employerNo, packHash, packId } = issued
  const { issuedOn, dueOn, lateFee } = issued
  return {
    ...{ billId, regionCode, scheme, period, personId, employerNo, packHash, packId },
    ...{ issuedOn, dueOn, noticeOn },
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

function owedJson(bill: Bill, on: BusinessDate): BillJson['owed'] {
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
  const { billId, regionCode, scheme, period, personId, employerNo, dueOn, noticeOn } = row
  return {
    ...{ billId, regionCode, scheme, period, personId, employerNo, dueOn, noticeOn },
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
