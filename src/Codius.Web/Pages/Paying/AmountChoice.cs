namespace Codius.Web.Pages.Paying;

/// <summary>The amounts a visitor can choose, by how long they last; the form posts their names.</summary>
public enum AmountChoice
{
    /// <summary>What is missing to open the app.</summary>
    Now,

    /// <summary>That, and about an hour of ordinary use.</summary>
    Hour,

    /// <summary>That, and about a day of it.</summary>
    Day,
}
