namespace Codius.Web.Hosting;

/// <summary>Shows a problem to a person. Hosting knows no faces, so the pages give it this one.</summary>
internal interface IProblemPage
{
    /// <summary>Writes the whole answer: status, headers and page.</summary>
    Task WriteAsync(HttpContext context, Problem problem);
}
