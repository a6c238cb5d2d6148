namespace Codius.Web.SimulationTests;

/// <summary>Short scenarios by the rule that they show; one found by the simulation goes here with the rule that it broke.</summary>
internal static class KeptScenarios
{
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        // Its first request was late, and so was the one that settled it: both came again after it had been used up and had ended.
        ["a lease that has ended does not begin anew"] =
            "2 1 199 0 0 1 10 1 0 Pass.190.0 Visit.601.589 Start.951.786 PayReceipt.23.471 Deliver.997.683 Delay.551.653 Visit.229.572 "
            + "Deliver.231.1 Answer.967.643 Pass.826.1 Delay.395.366 Pass.1350.0",
        // A lease that had returned all that it was granted was not among those that have ended.
        ["a lease that has returned everything does not begin anew"] =
            "1 7 25 0 3 1 198 1 0 Outage.789.543 Visit.989.116 Pass.2732.0 Delay.465.947 Outage.250.690 Visit.809.911 Leave.622.426 "
            + "Pass.124.0 Visit.624.632 Visit.224.918",
        // Both its requests came late, when the account listed another one as the last that had ended.
        ["a lease that is forgotten does not begin anew"] =
            "2 3 2 0 0 1 195 1 0 Start.685.463 PayPacket.233.171 Pass.218.0 Outage.82.473 Pass.3364.1 JumpStore.998.18821 Pass.10906.1 "
            + "Outage.798.341 Visit.939.2 Deliver.88.615 Pass.5825.1 Visit.102.877 Pass.181.0 Start.968.205 Answer.11.916 "
            + "Outage.704.698 Visit.979.363 Outage.667.434 Visit.832.374 Pass.10453.1 DeliverAll.87.796",
        // Of a deploy there were two requests, a while apart: the second one counted on as much time as the first.
        ["a repeat renews its lease"] =
            "2 3 4 23 1 1 68 1 0 PayWallet.132.309 Deliver.864.496 Deploy.538.484 Deliver.128.239 Deploy.453.418 Pass.1451.0",
        // The answer to a request with an error was lost, and its gateway saw a new epoch.
        ["the errors of a lease that is dropped count once"] =
            "3 2 2 0 18 0 257 1 0 Deploy.292.266 PayPacket.988.77 Visit.728.439 Start.950.606 DeliverAll.167.553 Fail.142.938 "
            + "DropAll.155.733 Visit.20.832 Visit.624.219 Visit.483.775 Deliver.987.371 Visit.538.12 LoseAnswer.673.140 DropAll.866.556",
        // Its gateway was frozen after an answer that it had not got, and its lease was swept meanwhile.
        ["the errors of a lease that was swept count once"] =
            "3 1 31 0 0 1 25 1 0 Stop.425.288 Stop.672.912 Visit.551.578 Visit.292.414 Pass.11.0 Fail.961.789 Pass.3311.1 "
            + "LoseAnswer.621.947 Freeze.955.732 Pass.9831.1 Change.240.239 Pass.320.0",
        // A deploy's lease had expired, and only the first bill returned it.
        ["what an expired lease held is billed"] =
            "2 4 4 0 16 1 128 1 0 PayReceipt.844.807 Visit.799.220 Visit.230.189 Deploy.933.312",
        // The count of an app's free errors was overwritten by the one that the script had read.
        ["what a script changes of dust is not what it read"] =
            "2 7 1 30 0 0 512 2 165 PayReceipt.846.83 Visit.368.378 Visit.954.601 Visit.101.201 Visit.43.447 Visit.608.652 "
            + "PayWallet.612.843 Pass.39.0 Visit.388.301 Fail.128.151 Visit.628.735 Visit.18.715 Pass.243727.1 Answer.634.439 "
            + "Answer.953.429 Void.864.770 Visit.713.656 Fail.978.87 Pass.1303.0 Answer.128.36 Visit.744.939 DeliverAll.181.661 "
            + "Fail.376.855 Pass.3340.1 Fail.831.55 Answer.571.313 DeliverAll.557.56 Fail.553.998",
        // A payment was completed, and its last packet shown after that; the store's clock jumped forward between the two looks.
        ["what is in flight when a payment is completed is credited"] =
            "1 7 282 0 0 0 322 1 382 OpenPayment.662.543 OpenPayment.771.959 OpenPayment.560.833 OpenPayment.230.852 DeliverAll.153.254 "
            + "JumpStore.678.-15015 PayPacket.500.228 ClaimLooks.503.834 OpenPayment.69.869 PayOpen.307.923 Deliver.518.812 Pass.86.0 "
            + "JumpStore.416.5408 ClaimLooks.263.317",
    };
}
