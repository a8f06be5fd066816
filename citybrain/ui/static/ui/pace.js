// How often an open page asks again after a live event. Looks of many pages at the same event are spread over a moment; what
// is said while a page waits is one look; and the longer the last answer took, the longer it rests: a hundred open desks slow
// down together instead of stopping the server.
export const GATHER = 1000; // milliseconds from the event to the look at least: counts may be so old (LIVE_SECONDS), no older
const SPREAD = 1000; // and as many at random
const LEAST = 3000; // milliseconds between two looks, at least
const MOST = 60_000; // and at most
const SHARE = 10; // times as long as the last answer took

export function paced(look, { gather = GATHER, spread = SPREAD, least = LEAST } = {}) {
  let due = 0; // when the look that is planned happens
  let free = 0; // before then, none
  let waits = false;
  let looks = false;
  let again = false; // something was said too late for the look that is planned, or under way
  async function run() {
    waits = false;
    looks = true;
    const began = performance.now();
    try {
      await look();
    } finally {
      looks = false;
      const now = performance.now();
      free = now + Math.min(MOST, Math.max(least, SHARE * (now - began)));
      if (again) {
        again = false;
        plan();
      }
    }
  }
  function plan() {
    const now = performance.now();
    if (looks || (waits && due - now < gather)) {
      again = true;
      return;
    }
    if (waits) return;
    waits = true;
    due = Math.max(now + gather, free) + Math.random() * spread;
    setTimeout(run, due - now);
  }
  return plan;
}
