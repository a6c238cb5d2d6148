using Codius.Web.Hosting.Supervision;
using Microsoft.Extensions.ObjectPool;
using Microsoft.Extensions.Options;

namespace Codius.Web.Visits.Forwarding;

/// <summary>
/// The deadlines of all visits that wait for their apps' answers, looked at once a second: a timer for each visit would be set and
/// stopped three times, each with a lock.
/// </summary>
internal sealed class AnswerDeadlines : SupervisedService, IPooledObjectPolicy<DeadlineClock>
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time;
    private readonly int _limit;
    private readonly DefaultObjectPool<DeadlineClock> _unused;
    private readonly Lock _lock = new();
    // Those of the pool too: as many as visits ever waited at once.
    private readonly HashSet<DeadlineClock> _clocks = [];
    private int _second = 1;

    public AnswerDeadlines(IOptions<VisitOptions> options, Supervisor supervisor, TimeProvider time)
        : base(supervisor.Work("answer deadlines"))
    {
        _time = time;
        _limit = (int)Math.Ceiling(options.Value.ResponseTimeout / Second);
        _unused = new DefaultObjectPool<DeadlineClock>(this, int.MaxValue);
    }

    /// <summary>The second in which the time of a visit is up that begins to wait now; the present one is not counted.</summary>
    public int Due => Volatile.Read(ref _second) + _limit + 1;

    /// <summary>The deadline of a visit; its clock stands still.</summary>
    public AnswerDeadline New() => new(this, _unused.Get());

    /// <summary>The visit has ended in time.</summary>
    public void Return(DeadlineClock clock) => _unused.Return(clock);

    /// <summary>The visit's time was up, so no other visit gets its clock.</summary>
    public void Drop(DeadlineClock clock)
    {
        lock (_lock) _clocks.Remove(clock);
    }

    /// <summary>A second has passed.</summary>
    public void Tick()
    {
        var second = Interlocked.Increment(ref _second);
        List<DeadlineClock>? passed = null;
        lock (_lock)
        {
            foreach (var clock in _clocks)
                if (clock.Deadline?.TryPass(second) is true) (passed ??= []).Add(clock);
        }
        passed?.ForEach(static clock => clock.Cancel());
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        using var timer = SharedTicks.Every(Second, _time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            Tick();
            Work.Succeeded();
        }
    }

    DeadlineClock IPooledObjectPolicy<DeadlineClock>.Create()
    {
        var clock = new DeadlineClock();
        lock (_lock) _clocks.Add(clock);
        return clock;
    }

    bool IPooledObjectPolicy<DeadlineClock>.Return(DeadlineClock clock) => clock.TryReset();
}
