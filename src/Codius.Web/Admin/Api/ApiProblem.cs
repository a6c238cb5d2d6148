using Codius.Web.Hosting;

namespace Codius.Web.Admin.Api;

/// <summary>A problem as the result of an endpoint.</summary>
internal sealed class ApiProblem(Problem problem) : IResult
{
    public static ApiProblem BadPageSize { get; } = Bad("size", $"size must be from 1 to {Paging.MostSize}.");

    public static ApiProblem BadCursor { get; } = Bad("cursor", "This cursor was not made by this list. Begin again without one.");

    public static ApiProblem NoReason { get; } = Bad("reason",
        "reason must say in 1 to 500 characters, without line breaks, why this is done: it is kept in the audit log.");

    public Problem Problem => problem;

    /// <summary>A part of the request that is wrong.</summary>
    public static ApiProblem Bad(string part, string detail) => new(new Problem(400, "bad-request", "This request cannot be done", detail)
    {
        Extensions = new Dictionary<string, object?> { ["parameter"] = part },
    });

    public static ApiProblem NotFound(string code, string detail) => new(new Problem(404, code, "There is no such thing", detail));

    public static ApiProblem Conflict(string code, string detail) =>
        new(new Problem(409, code, "This is not possible as things are", detail));

    public Task ExecuteAsync(HttpContext httpContext) => Problems.WriteAsync(httpContext, problem);
}
