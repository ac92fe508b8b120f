/** What a reader of the public topics must know, in Markdown: all of it, without other pages. */
import { HEARTBEAT_SECONDS } from '../public-topics.ts'

export const DESCRIPTION = `
Facts of the clearing of medical-insurance claims between regions, for other government systems.
With these topics alone you can compute the balance of every account of every fund, and the net of
every region in every window.

## One record

Key: UTF-8 text. Value: \`00\`, four bytes schema id (big endian), then the Avro body: the wire
format of the Confluent registry. \`GET <registry>/schemas/ids/<id>\` has the schema that the
record was written with; without a registry, \`ce_type\` tells which of the schemas below it is.
Subjects are \`<topic>-<record name>\`, compatibility FULL_TRANSITIVE: a later schema only has more
fields, each with a default, or more enum symbols, which an older reader sees as \`unknown\`. What
breaks that comes as a new topic and type with the next version, beside the old ones for a year.
A null value (state topics) removes its key. Headers: CloudEvents 1.0, binary mode. The partition
is murmur2 of the key, as Kafka's own clients have it.

Money is whole fen (1/100 yuan) in a \`long\`: never read it into a floating-point number. Dates are
\`YYYY-MM-DD\` in Asia/Shanghai, instants UTC with milliseconds. Regions are GB/T 2260 codes.

## Nothing twice, nothing missing

Delivery is at least once. In a partition \`ce_sequence\` grows by 1 from record to record of one
\`ce_source\` (only \`public.system\` topics have several): drop a number that you have had, stop at
a hole (state topics have holes, since old rows are taken away). Store the number with what you made
of the record, in one transaction.
\`public.system.heartbeat.v1\` says every ${HEARTBEAT_SECONDS} seconds, for each service, up to
which position of its log everything is published: with a heartbeat in hand, read the service's
topics to their ends, and you have all facts up to that position. No heartbeat for a minute: the
data are late. Another \`incarnation\`: the log was restored or made anew; begin again at the first
offset.
\`public.system.checkpoint.v1\` has signed Merkle roots of the logs: keep them, and nobody can
change history unseen.

## To begin

Read a state topic to its end, keeping the last row of each key; then go on with events. Events that
are kept for ever may be read from the first offset instead.

**Balances.** The balance of (region, fund, account, counterparty) is the sum of debitFen less the
sum of creditFen over its postings on \`public.funds.journal.v1\`. Or shorter: its row on
\`public.funds.balance-state.v1\` plus the postings of entries with \`position\` above the row's
\`cutPosition\`. An account without a row begins at 0. Debits and credits over all accounts of a
region and fund are equal: check it.

**Nets.** \`WindowNetted\` has the net of every region; they add up to 0. To check it, add up the
claims with fromPosition < position < cutPosition whose regions differ: ClaimSettled owedFen from
insured to treating region, ClaimReversed the other way. \`PairNetted\` has the sums of each pair.

**Policy.** In force on a day for a region and scheme: of the packs with effectiveFrom ≤ day ≤
effectiveTo (or null) the one with the latest effectiveFrom; of two, the later record.

## What is not here

Persons, their numbers, bills, lines, diagnoses, and all free text that people type. Who must see
such data asks the doors of the services, with a token of its own.
`.trim()
