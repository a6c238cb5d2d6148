using Codius.Web.Apps;
using Codius.Web.Visits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Codius.Web.Tests.Visits;

/// <summary>Which visits are counted as failures when they end.</summary>
public sealed class VisitFailuresTests
{
    private readonly FailedVisits _failed = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Each_failure_is_counted_once_whether_or_not_an_answer_had_begun(bool hasBegun)
    {
        foreach (var outcome in Enum.GetValues<VisitOutcome>())
        {
            var visit = VisitOf(outcome, hasBegun);
            if (hasBegun) visit.Answer = VisitOutcome.AppFailed;
            var (unpaid, errors) = (_failed.Unpaid, _failed.Errors);

            VisitFailures.Count(_failed, visit);

            Assert.Equal(unpaid + (VisitFailures.Unpaid.Contains(outcome) ? 1 : 0), _failed.Unpaid);
            Assert.Equal(errors + (VisitFailures.Errors.Contains(outcome) ? 1 : 0), _failed.Errors);
        }
        Assert.Equal([new FailedVisitCount("hello", 1, VisitFailures.Errors.Length)], _failed.Take());
    }

    [Fact]
    public void A_failure_of_the_gateway_before_it_has_found_the_app_is_one_of_no_app()
    {
        VisitFailures.Count(_failed, new Visit(new DefaultHttpContext(), 0));

        Assert.Equal(1, _failed.Errors);
        Assert.Empty(_failed.Take());
    }

    [Fact]
    public void A_preflight_that_no_app_has_seen_is_none_since_its_request_comes()
    {
        var visit = VisitOf(VisitOutcome.NotEnough, hasBegun: false);
        visit.Kind = VisitKind.Preflight;

        VisitFailures.Count(_failed, visit);

        Assert.Equal((0, 0), (_failed.Unpaid, _failed.Errors));
    }

    private static Visit VisitOf(VisitOutcome outcome, bool hasBegun)
    {
        var context = new DefaultHttpContext();
        if (hasBegun) context.Features.Set<IHttpResponseFeature>(new BegunResponse());
        return new Visit(context, 0) { Outcome = outcome, App = new HostedApp("hello", new string('a', 52), "an image") };
    }

    private sealed class BegunResponse : HttpResponseFeature
    {
        public override bool HasStarted => true;
    }
}
