using System.Globalization;

namespace Codius.Web.SimulationTests.Schedules;

/// <summary>What happens next. Its numbers choose among what there is then, so that a schedule without some of its steps is one.</summary>
internal readonly record struct Step(StepKind Kind, int A, int B)
{
    /// <summary>Chooses the account, of several.</summary>
    public int Drawn => (A + 31 * Math.Abs(B)) % 997;

    public static Step Parse(string text)
    {
        var parts = text.Split('.');
        return new Step(Enum.Parse<StepKind>(parts[0]), Number(parts[1]), Number(parts[2]));

        static int Number(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Kind}.{A}.{B}");
}

/// <summary>The kinds of steps.</summary>
internal enum StepKind
{
    /// <summary>A visit at gateway A, of a single or (B) a double price.</summary>
    Visit,

    /// <summary>Visit A is on its way to the app.</summary>
    Forward,

    /// <summary>The app does not have visit A after all.</summary>
    Retract,

    /// <summary>The app answers visit A.</summary>
    Answer,

    /// <summary>Visit A never reached the app.</summary>
    Void,

    /// <summary>The app answers visit A with an error, which is free or not.</summary>
    Fail,

    /// <summary>The client of waiting visit A leaves.</summary>
    Leave,

    /// <summary>Call A reaches the store, and its answer the caller.</summary>
    Deliver,

    /// <summary>All calls do, in their order.</summary>
    DeliverAll,

    /// <summary>Steps of leases of several accounts reach the store in one script, of which A and B say what becomes.</summary>
    DeliverTogether,

    /// <summary>Call A never reaches the store.</summary>
    LoseRequest,

    /// <summary>The answer of call A is lost.</summary>
    LoseAnswer,

    /// <summary>Call A reaches the store twice.</summary>
    Double,

    /// <summary>The caller of A gets no answer; the store gets the call later.</summary>
    Delay,

    /// <summary>Delayed call A reaches the store now, after whatever came in between.</summary>
    Arrive,

    /// <summary>A milliseconds pass; with B, no call is delivered meanwhile.</summary>
    Pass,

    /// <summary>Time passes until the account ends in A * 20 milliseconds; with an even B, no call is delivered meanwhile.</summary>
    PassToEnd,

    /// <summary>Packet A of B prices: a new one, or one that was sent before.</summary>
    PayPacket,

    /// <summary>A receipt of stream A, whose total is B prices.</summary>
    PayReceipt,

    /// <summary>The receiving wallet says that it received B prices on payment A.</summary>
    PayWallet,

    /// <summary>The receiving wallet receives something on payment A: B prices, or (A) B units.</summary>
    Receive,

    /// <summary>A gateway or (B) two read what the wallet received on payment A; the credit comes when it is delivered.</summary>
    Look,

    /// <summary>Some credits at once, packets and receipts, by A and B.</summary>
    PayTogether,

    /// <summary>A packet of B prices, of a connection with receipts.</summary>
    PayConnection,

    /// <summary>A packet of B prices, of incoming payment A.</summary>
    PayIncoming,

    /// <summary>Incoming payment A is completed.</summary>
    CompleteIncoming,

    /// <summary>Running time is billed: A of three kinds.</summary>
    Bill,

    /// <summary>A wake pays its first interval.</summary>
    Wake,

    /// <summary>A wake ends: earned or (A) given back.</summary>
    EndWake,

    /// <summary>Change A of B prices: spent, given back, adjusted.</summary>
    Change,

    /// <summary>What is left of an account without an owner is spent.</summary>
    Forfeit,

    /// <summary>A deploy reserves B prices.</summary>
    Deploy,

    /// <summary>Deploy A is committed or (B) refused.</summary>
    EndDeploy,

    /// <summary>Each account is paid, all in one script, of which A and B say what becomes.</summary>
    PayAll,

    /// <summary>Gateway A fulfills a packet of B prices of a connector, or does not.</summary>
    Owe,

    /// <summary>Gateway A books what the connector owes.</summary>
    Book,

    /// <summary>The connector settles B prices.</summary>
    SettleDebt,

    /// <summary>A payment at the receiving wallet is opened by client A, for a time by B.</summary>
    OpenPayment,

    /// <summary>The receiving wallet receives B prices on open payment A.</summary>
    PayOpen,

    /// <summary>The payer of open payment A does something, or (B) completes it.</summary>
    HintLook,

    /// <summary>Gateway A looks at up to three payments that are due, by B.</summary>
    ClaimLooks,

    /// <summary>What the account or (B) all accounts have booked is read, to be added to the books of the host.</summary>
    IncludeHost,

    /// <summary>Gateway A crashes.</summary>
    Crash,

    /// <summary>Gateway A is frozen.</summary>
    Freeze,

    /// <summary>Gateway A goes on.</summary>
    Thaw,

    /// <summary>Gateway A is stopped: its visits end, and it returns what it holds.</summary>
    Stop,

    /// <summary>One more gateway starts.</summary>
    Start,

    /// <summary>No call reaches the store until the next such step.</summary>
    Outage,

    /// <summary>The replica has all writes.</summary>
    Replicate,

    /// <summary>The primary is lost with the writes that its replica lacks, those of a second at most.</summary>
    FailOver,

    /// <summary>The store's clock is B milliseconds ahead.</summary>
    JumpStore,

    /// <summary>The wall clock of gateway A is B milliseconds ahead.</summary>
    JumpGateway,

    /// <summary>The store crashes within the script of call A, after some writes (B), and is there again at once.</summary>
    CrashStore,

    /// <summary>All gateways see a new epoch.</summary>
    DropAll,
}

/// <summary>What may go wrong in a scenario.</summary>
[Flags]
internal enum Faults
{
    None = 0,
    Lost = 1,
    Late = 2,
    Crash = 4,
    Freeze = 8,
    Stop = 16,
    FailOver = 32,
    Clock = 64,
    Outage = 128,
    Epoch = 256,
    EndWithin = 512,
    CrashStore = 1024,
}
