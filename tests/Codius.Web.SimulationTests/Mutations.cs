using Codius.Web.SimulationTests.Gateways;
using Codius.Web.SimulationTests.Schedules;
using Codius.Web.SimulationTests.Stores;

namespace Codius.Web.SimulationTests;

/// <summary>The rules of the scripts and of gateways, each broken once.</summary>
internal static class Mutations
{
    public static IReadOnlyList<ScriptMutation> OfScripts { get; } =
    [
        new("a repeated request changes nothing", "lease", "if sequence <= lease.sequence then", "if false then")
        {
            Needs = Faults.Late,
        },
        new("a lease settles no more than its grant", "lease", "min(used, lease.granted)", "used")
        {
            Needs = Faults.FailOver,
        },
        new("only the increase is settled", "lease", "local increase = subtract(settled, lease.used)", "local increase = settled"),
        new("open reservations are kept", "lease", "add(lease.used, kept)", "lease.used"),
        new("what is free is returned", "lease", "if ARGV[7] == '1' then", "if false then"),
        new("a grant is part of the balance", "lease", "min(allowed, balance)", "allowed"),
        new("a grant is within the cap", "lease", "spends and min(wanted, capRoom(spends, cap)) or wanted", "wanted"),
        new("a slice is a quarter of the balance", "lease", "share(add(balance, free), 1, '0', 4)", "share(add(balance, free), 1, '0', 1)"),
        new("what is settled counts against the cap", "lease", "if spends then countSpent(spends, increase) end", ""),
        new("what is settled is booked", "lease", "count(isDeploy and 'deploys' or 'requests', increase)", ""),
        new("what is booked is added to what was", "books", "(sum ~= '' and add(sum, units) or units)", "units"),
        new("a lease that was swept is gone", "lease", "if sequence > 1 or last or isLate then", "if isLate then")
        {
            Needs = Faults.Freeze,
        },
        new("a lease that has ended does not begin anew", "lease", "if sequence > 1 or last or isLate then",
            "if sequence > 1 or isLate then")
        {
            Needs = Faults.Late,
        },
        new("a lease that has returned everything does not begin anew", "lease",
            "if sequence > 1 or lease.granted ~= '0' or errors > 0 then", "if lease.granted ~= '0' or errors > 0 then")
        {
            Needs = Faults.Late,
        },
        new("a lease that is forgotten does not begin anew", "account", "return untilMs and untilMs <= forgotten or false", "return false")
        {
            Needs = Faults.Late,
        },
        new("a repeat renews its lease", "lease", "if sequence > 0 and sequence == lease.sequence then", "if false then"),
        new("the errors of a lease that was swept count once", "lease", "nil, sequence <= (last.last or last.sequence))", "nil, false)")
        {
            Needs = Faults.Lost,
        },
        new("a request renews its lease", "lease", "sequence, now + lasts, true",
            "sequence, lease.expires == 0 and now + lasts or lease.expires, true"),
        new("funds are the balance and what is leased", "lease", "compare(funds(), least) < 0", "compare(balance, least) < 0"),
        new("an empty lease is deleted", "lease", "if lease.granted == lease.used then\n  table.remove", "if false then\n  table.remove"),
        new("an owner may settle late", "account", "lease.id ~= ownId", "true"),
        new("only an expired lease is swept", "account", "if lease.expires < now and", "if lease.expires < now + 5000 and"),
        new("an expired lease is swept", "account", "if lease.expires < now and", "if false and"),
        new("what is swept returns", "account", "add(balance, left), subtract(leased, left), true", "balance, leased, true"),
        new("what apps have cannot be recalled", "account",
            "units = subtract(units, min(lease.forwarded, subtract(lease.granted, lease.used)))", "units = units"),
        new("a packet counts once", "credit", "if before then return", "if false then return"),
        new("a packet's mark outlives it", "credit", "math.max(1, credit.markUntil - now)", "1000"),
        new("a packet counts before its deadline", "credit", "if now > credit.deadline then", "if false then"),
        new("the increase of a receipt counts", "credit", "local increase = subtract(credit.total, total.units)",
            "local increase = credit.total"),
        new("the total of a receipt is kept", "credit", "redis.call('HSET', credit.record, credit.stream, credit.units)", ""),
        new("a packet counts once in a batch", "credit", "counted[credit.mark] = credit.units", ""),
        new("a receipt counts once in a batch", "credit", "total.units, total.last, credit.units = credit.total, credit, credit.total",
            "total.last, credit.units = credit, credit.total"),
        new("the increase of a wallet's payment counts", "credit-wallet", "local increase = subtract(total, known)",
            "local increase = total"),
        new("the total of a wallet's payment is kept", "credit-wallet", "redis.call('HSET', totals, payment, units .. ',' .. untilMs)", ""),
        new("an account adds to the host's books what is new", "host-books", "local increase = subtract(totals[i], before)",
            "local increase = totals[i]"),
        new("what an account has added counts once", "host-books", "had[i + 1], grew = totals[i], true", "grew = true"),
        new("the host's books are the sum over all accounts", "host-books", "sums[i] ~= '' and add(sums[i], increase) or increase",
            "increase"),
        new("all kinds are in the host's books", "host-books", "for i = 1, kindCount do\n    local before",
            "for i = 1, 7 do\n    local before"),
        new("the rest of running time is kept", "bill-running", "'ranRest', newRest", "'ranRest', '0'"),
        new("running time is paid once", "bill-running", "math.max(paidUntil, target)", "paidUntil"),
        new("a bill takes what is there", "bill-running", "local debited = min(cost, available)", "local debited = cost"),
        new("a debt ends", "bill-running", "if asleep or recallable() == '0' or compare(owed, most) > 0 then", "if false then"),
        new("a wake is given back once", "end-wake", "'ranRest', rest, 'wake', '',", "'ranRest', rest,"),
        new("a wake needs its whole interval", "bill-running", "if waking and compare(cost, available) > 0 then", "if false then"),
        new("a change with an id is made once", "history", "return id ~= '' and", "return false and"),
        new("nothing is spent that is not there", "spend", "if compare(amount, balance) > 0 then", "if false then"),
        new("nothing is given back that was not spent", "refund", "if compare(amount, spent) > 0 then", "if false then"),
        new("no adjustment is below zero", "adjust", "if compare(amount, balance) > 0 then", "if false then"),
        new("a bill's time is written with its money", "bill-running", "save((table.unpack or unpack)(fields))",
            "save()\nredis.call('HSET', KEYS[1], (table.unpack or unpack)(fields))")
        {
            Needs = Faults.CrashStore,
        },
        new("a bill's money is written with its time", "bill-running", "save((table.unpack or unpack)(fields))",
            "redis.call('HSET', KEYS[1], (table.unpack or unpack)(fields))\nsave()")
        {
            Needs = Faults.CrashStore,
        },
        new("each hour of the books is kept", "books", "if hourThen ~= hourText and tonumber(hourThen) < hour then", "if false then"),
        new("each day of the books is kept", "books", "    appendSnapshot(days, oldest[length], dayHours)\n", ""),
        new("the sums of the host are written with what of them is whose", "host-books",
            "redis.call('HSET', books, (table.unpack or unpack)(fields))",
            "for i = 1, #fields, 2 do redis.call('HSET', books, fields[i], fields[i + 1]) end")
        {
            Needs = Faults.CrashStore,
        },
        new("nothing is forfeited that gateways hold", "forfeit", "if leased ~= '0' then", "if false then") { Needs = Faults.CrashStore },
        new("each credit of several accounts has its own answer", "credits", "error or result[i]", "error or result[1]")
        {
            Needs = Faults.CrashStore,
        },
        new("each step of several accounts has its own answer", "leases", "and table.concat(result, ',')",
            "and (answers[1] or table.concat(result, ','))")
        {
            Needs = Faults.CrashStore,
        },
        new("each step of several accounts has its own arguments", "leases", "1 + (step - 1) * argumentCount", "1")
        {
            Needs = Faults.CrashStore,
        },
        new("what a script booked for one account is not another's", "account", "ARGV[#ARGV] or '0', nil", "ARGV[#ARGV] or '0', booked")
        {
            Needs = Faults.CrashStore,
        },
        new("each account of a script is read", "account", "stored = redis.call('HMGET'", "stored = stored or redis.call('HMGET'")
        {
            Needs = Faults.CrashStore,
        },
        new("a payment takes no more than its amount", "credit", "if compare(amount, open) > 0 then", "if false then")
        {
            Needs = Faults.CrashStore,
        },
        new("a payment that is completed takes nothing", "credit", "payment.completed == '1' or", "") { Needs = Faults.CrashStore },
        new("a connection's receipt has all of its packets", "credit", "total.units, total.last = add(total.units, amount), credit",
            "total.units, total.last = amount, credit")
        {
            Needs = Faults.CrashStore,
        },
        new("a booking counts once", "book", "if sequence <= known then", "if false then") { Needs = Faults.CrashStore },
        new("the number of a booking is written with its money", "book", "save('bookers', table.concat(texts, ';'))",
            "save()\nredis.call('HSET', KEYS[1], 'bookers', table.concat(texts, ';'))")
        {
            Needs = Faults.CrashStore,
        },
        new("money moves in one HSET", "account", "redis.call('HSET', KEYS[1], (table.unpack or unpack)(fields))",
            "for i = 1, #fields, 2 do redis.call('HSET', KEYS[1], fields[i], fields[i + 1]) end")
        {
            Needs = Faults.CrashStore,
        },
        new("a packet is marked after it was credited", "credit", "if moved then\n  save()\n",
            "if moved then\n  for _, one in ipairs(credits) do if one.mark and one.units then redis.call('SET', one.mark, '0') end end\n"
            + "  save()\n")
        {
            Needs = Faults.CrashStore,
        },
        new("the total of a wallet's payment is written with its money", "credit-wallet",
            "save('wallet', id .. ',' .. total .. ',' .. untilMs)", "save()")
        {
            Needs = Faults.CrashStore,
        },
        new("a total that a crash has kept from being written is written", "credit-wallet",
            "if repaired then writeTotal(last, lastTotal, lastUntil) end", "")
        {
            Needs = Faults.CrashStore,
        },
    ];

    /// <summary>Those of looks at the receiving wallet.</summary>
    public static IReadOnlyList<ScriptMutation> OfLooks { get; } =
    [
        new("a payment that was opened is kept", "open-look", "redis.call('HSET', records, id, ARGV[6])", ""),
        new("a payment that is kept has its place", "looks", "  redis.call('ZADD', queues[state.class], '0', member)\n", ""),
        new("only a payment that has ended is forgotten", "end-look", "if outcome == 'ended' then", "if outcome ~= 'increased' then"),
        new("a payment that has ended is forgotten", "end-look", "  forget(id, state)\n", ""),
        new("the total of a payment that has ended is kept", "end-total", "redis.call('HSET', totals, id, known .. ',' .. text)",
            "redis.call('HDEL', totals, id)")
        {
            Needs = Faults.Late,
        },
        new("a payment leaves its old place after its state says so", "looks", "  redis.call('HSET', states, id, table.concat({",
            "  if oldMember and oldMember ~= member then redis.call('ZREM', queues[oldClass], oldMember) end\n"
            + "  redis.call('HSET', states, id, table.concat({")
        {
            Needs = Faults.CrashStore,
        },
        new("what a crash has left is removed by a claim", "claim-looks", "      forget(id, state)\n", "") { Needs = Faults.CrashStore },
        new("a place that a crash has left is removed by a claim", "claim-looks",
            "    if head then redis.call('ZREM', queues[class], head) end\n", "")
        {
            Needs = Faults.CrashStore,
        },
    ];

    /// <summary>Those of accounts that end.</summary>
    public static IReadOnlyList<ScriptMutation> OfDust { get; } =
    [
        new("a change puts off the end of dust", "account", "redis.call('PEXPIRE', KEYS[1], kept)",
            "if not exists then redis.call('PEXPIRE', KEYS[1], kept) end"),
        new("dust does not end while it is leased", "account", "redis.call('PEXPIRE', KEYS[1], kept)",
            "redis.call('PEXPIRE', KEYS[1], leased ~= '0' and '2000' or kept)"),
        new("an end is put off before much of its time is gone", "account", ">= kept * 15 / 16", ">= kept / 2"),
        new("dust ends", "account", "redis.call('PEXPIRE', KEYS[1], kept)", ""),
        new("dust is kept for what it was paid", "account", "dustKeptMs * (tonumber(credited) / tonumber(keptFrom))", "0"),
        new("what was once paid enough has no end", "account", "    redis.call('PERSIST', KEYS[1])\n", ""),
        new("what was kept for good stays so", "account", "if exists and stored[8] ~= '1' then return false end", ""),
        new("dust that may have ended is written whole", "account", "local mayHaveEnded = stored[8] == '1'", "local mayHaveEnded = false")
        {
            Needs = Faults.EndWithin,
        },
        new("the books of dust that has ended go with it", "account",
            "if not exists or (booked and not hasTotals) then eachBook('DEL') end", "")
        {
            Needs = Faults.EndWithin,
        },
        new("dust that may have ended within a script of several accounts is written whole", "account",
            "local mayHaveEnded = stored[8] == '1'", "local mayHaveEnded = false")
        {
            Needs = Faults.EndWithin, OnlyIn = "credits",
        },
        new("dust that has ended within a script of several accounts has an end again", "account",
            "redis.call('PEXPIRE', KEYS[1], kept)", "if not exists then redis.call('PEXPIRE', KEYS[1], kept) end")
        {
            Needs = Faults.EndWithin, OnlyIn = "credits",
        },
        new("what a script changes of dust is not what it read", "account",
            "for _, text in ipairs({ ... }) do fields[#fields + 1] = text end",
            "local given = { ... }\n  for i = #given, 1, -1 do table.insert(fields, 3, given[i]) end"),
    ];

    public static IReadOnlyList<GatewayMutation> OfGateways { get; } =
    [
        new("it settles what it has used") { Request = request => request with { Used = 0 } },
        new("it settles no more than it has used")
        {
            Request = request => request with { Used = request.Used + request.Kept },
        },
        new("each request has a new sequence number") { Request = request => request with { Sequence = 1 } },
        new("it keeps what is reserved") { Request = request => request with { Kept = 0 } },
        new("it spends no more than it was granted") { Answer = result => result with { Granted = result.Granted * 2 } },
        new("it leases no more than it may lose")
        {
            Request = request => request with { Wanted = request.Wanted * 2, Ahead = request.Ahead * 2 },
        },
        new("it says what apps have") { Request = request => request with { Forwarded = 0 } },
        new("its free errors are reported") { Request = request => request with { FreeErrors = 0 } },
        new("it heeds the free errors of others") { Answer = result => result with { ErrorsUsed = 0, MinuteEndsIn = 0 } },
        new("it spends nothing after the expiry") { Request = request => request with { Lifetime = TimeSpan.FromSeconds(1) } },
    ];
}
