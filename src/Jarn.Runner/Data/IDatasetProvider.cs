using Jarn.Models;

namespace Jarn.Runner.Data;

/// <summary>What is known of a data set before it is loaded.</summary>
/// <param name="Shape">The shape of one image.</param>
/// <param name="ClassNames">The classes' names, in the order of the labels.</param>
public sealed record DatasetDescription(ImageShape Shape, IReadOnlyList<string> ClassNames);

/// <summary>A data set that can be loaded, and what is known of it before. <see cref="Datasets"/> has a list of them.</summary>
public interface IDatasetProvider
{
    /// <summary>
    /// The name that <c>--dataset</c> takes. config.json keeps it, and <see cref="Datasets.Named"/> finds the data set again by it.
    /// </summary>
    string Name { get; }

    /// <summary>The name in tables and messages.</summary>
    string Title { get; }

    /// <summary>Drawn images for a machine without these; null where there are none.</summary>
    StandIn? StandIn => null;

    /// <summary>Null where only loading tells.</summary>
    DatasetDescription? Describe();

    /// <summary>Loads real images. It may leave out what the request's limits will take away.</summary>
    /// <exception cref="DatasetMissingException">They are nowhere to be had.</exception>
    /// <exception cref="UserErrorException">They are there and unusable.</exception>
    Dataset Load(DatasetRequest request);
}

/// <summary>Thrown if images can't be found. Drawn images may be used instead.</summary>
/// <param name="reason">What is missing, and where it was looked for: a sentence without its full stop.</param>
/// <param name="remedy">What the user can do about it.</param>
/// <param name="places">The folders that were searched.</param>
/// <param name="cause">Why they could not be downloaded; null if that was not tried.</param>
public sealed class DatasetMissingException(string reason, string remedy, IReadOnlyList<string> places, Exception? cause = null)
    : UserErrorException($"{reason}: {remedy}", cause)
{
    public string Fault => reason;

    public IReadOnlyList<string> Places => places;
}
