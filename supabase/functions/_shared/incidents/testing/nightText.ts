/** The night of `wholeNight` as it is told. Changed on purpose only: somebody reads this at three in the morning. */
export const nightText = `What broke, 2026-11-26 02:00:00 to 2026-11-26 03:00:00 UTC: 5 incidents, none still open.

1. Isolate iso-9 was ill: 02:50:00, for 5.0 s, over
   why        maps, payments failed in it; so it did in none of 2 others that were heard of (sure: 84 %)
   touched    3 requests; 1 isolate; functions pay; circuits maps, payments; what public.payments
   healed by  containment of iso-9 x 2 after 0 ms: its own circuits opened, its word did not open the fleet's
              retry of public.payments after 4.0 s: 1 of 1 requests that tried again went through
   open       nothing
   cost       900 ms waited, 2 failures, 1 shed, 1 retry
   requests   pay-1, pay-2, pay-3
   chain
    02:50:00 to 02:50:05 isolate: iso-9
      02:50:00 trip of payments: EHOSTUNREACH in iso-9 alone [first trip of an outage, 90 %]
        02:50:02 shed of payments
          02:50:03 failure of pay: overloaded [same request, 80 %]
      02:50:01 trip of maps: in iso-9 alone
      02:50:04 retry of public.payments: CONNECT_TIMEOUT [database away, 85 %]
      02:50:05 failure of pay: internal [isolate was ill, 60 %]

2. ai was down: 02:20:00, for 10 min 3 s, over
   why        6 of 6 calls failed in 2 isolates; failing with 503 (sure: 90 %)
   touched    3 requests; 2 isolates; functions ask; circuits ai
   healed by  fallback of ai x 3 after 11.0 s
              recovery of ai after 10 min 3 s: nothing failed
   open       nothing
   cost       1 failure, 3 sheds, 3 fallbacks
   requests   ask-1, ask-2, ask-3
   chain
    02:20:00 to 02:30:03 dependency: ai
      02:20:00 trip of ai: 503 6 of 6 calls failed for 2 isolates [first trip of an outage, 90 %]
        02:20:11 to 02:20:13 shed of ai x 3
          02:20:20 failure of ask: overloaded [same request, 80 %]
        02:20:11 to 02:20:13 fallback of ai x 3 [circuit was open, 90 %]
        02:20:30 way back of ai: its time was up [course of the circuit, 95 %]
        02:20:31 trip of ai: the probe failed [course of the circuit, 95 %]
          02:30:00 way back of ai: its time was up [course of the circuit, 95 %]
          02:30:03 recovery of ai: nothing failed [course of the circuit, 95 %]

3. Deadlock storm on public.bookings, public.stock: 02:40:00, for 7.0 s, over
   why        6 x 40P01 among 3 requests of book (sure: 90 %)
   touched    3 requests; 1 isolate; functions book; what public.bookings, public.stock
   healed by  retry of public.bookings, public.stock x 4 after 3.0 s: 2 of 3 requests that tried again went through
   open       nothing
   cost       240 ms waited, 1 failure, 6 retries
   requests   book-0, book-1, book-2
   chain
    02:40:00 to 02:40:07 deadlock storm on public.bookings, public.stock
      02:40:00 to 02:40:04 retry of public.stock x 3: 40P01 [transactions in each other's way, 90 %]
      02:40:01 to 02:40:05 retry of public.bookings x 3: 40P01 [transactions in each other's way, 90 %]
        02:40:07 failure of book: conflict [same request, 80 %]

4. Unknown cause: failure of search: 02:55:00, over
   why        it was told with error:internal; nothing that was recorded explains it
   touched    1 request; 0 isolates; functions search
   healed by  nothing that was recorded
   open       nothing
   cost       1 failure
   requests   find-1
   chain
    02:55:00 to 02:55:00 unknown: failure of search
      02:55:00 failure of search: internal

5. public.orders was changed: 02:10:00, for 4.1 s, over
   why        column renamed customer -> client_id (2026-11-26T02:10:00.000Z) (sure: 95 %)
   touched    5 requests; 1 isolate; functions orders; what public.orders
   healed by  heal of public.orders x 4 after 1.1 s: customer -> client_id by catalog_rename
              replay of public.orders after 5 min 0 s: landed
   open       nothing
   cost       48 ms waited, 1 dead letter, 4 heals
   requests   order-1, order-2, order-5, order-3, order-4
   chain
    02:10:00 schema change of public.orders: column renamed customer -> client_id
      02:10:01 to 02:10:04 heal of public.orders x 4: customer -> client_id by catalog_rename [schema changed before, 95 %]
      02:10:03 dead letter of public.orders: 42703 [schema changed before, 95 %]
        02:15:00 replay of public.orders

Besides: 12 events that were not read, as there were too many.
`;
