using System.Reflection;
using System.Runtime.ExceptionServices;

namespace Codius.Web.Tests.Admin.Dashboard;

/// <summary>Passes the calls of an interface on and counts them.</summary>
public class CallCounter : DispatchProxy
{
    private object _target = null!;
    private Action _called = null!;

    public static T Around<T>(T target, Action called) where T : class
    {
        var proxy = Create<T, CallCounter>();
        var counter = (CallCounter)(object)proxy;
        (counter._target, counter._called) = (target, called);
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        _called();
        try
        {
            return targetMethod!.Invoke(_target, args);
        }
        catch (TargetInvocationException thrown)
        {
            ExceptionDispatchInfo.Throw(thrown.InnerException!);
            throw;
        }
    }
}
