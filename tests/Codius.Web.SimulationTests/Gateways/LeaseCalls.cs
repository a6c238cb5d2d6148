using System.Reflection;
using Codius.Web.Balances;

namespace Codius.Web.SimulationTests.Gateways;

/// <summary>The ledger as one gateway sees it: the simulation decides what becomes of each lease request.</summary>
internal class LeaseCalls : DispatchProxy
{
    private Func<LeaseRequest, Task<LeaseResult>>? _send;

    public static IBalanceLedger To(Func<LeaseRequest, Task<LeaseResult>> send)
    {
        var ledger = Create<IBalanceLedger, LeaseCalls>();
        ((LeaseCalls)(object)ledger)._send = send;
        return ledger;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod?.Name == nameof(IBalanceLedger.LeaseAsync)
            ? new ValueTask<LeaseResult>(_send!((LeaseRequest)args![0]!)) : throw new NotSupportedException(targetMethod?.Name);
}
