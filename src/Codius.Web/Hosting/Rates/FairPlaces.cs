using System.Runtime.InteropServices;

namespace Codius.Web.Hosting.Rates;

/// <summary>
/// Places that are held for a while, such as open streams, counted by their holders. Half of them anybody gets; the other half is kept for
/// holders that have less than a hundredth of all, or none: it takes 50 of them to have others refused. Not safe for several threads: the
/// owner locks.
/// </summary>
internal sealed class FairPlaces<THolder> where THolder : notnull
{
    private readonly Dictionary<THolder, int> _taken = [];

    /// <summary>Places taken now, by all holders.</summary>
    public int Taken { get; private set; }

    /// <summary>Places that one holder has now.</summary>
    public int TakenBy(THolder holder) => _taken.GetValueOrDefault(holder);

    /// <summary>True if the holder may take one more of so many places.</summary>
    public bool HasRoomFor(THolder holder, int places) =>
        Taken < places && (Taken <= places / 2 || TakenBy(holder) < Math.Max(1, places / 100));

    public void Take(THolder holder)
    {
        CollectionsMarshal.GetValueRefOrAddDefault(_taken, holder, out _)++;
        Taken++;
    }

    public void GiveBack(THolder holder)
    {
        Taken--;
        if (--CollectionsMarshal.GetValueRefOrNullRef(_taken, holder) == 0) _taken.Remove(holder);
    }
}
