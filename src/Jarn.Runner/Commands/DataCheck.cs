using System.Globalization;
using Jarn.Runner.Data;
using Jarn.Runner.Reporting;
using Spectre.Console;

namespace Jarn.Runner.Commands;

/// <summary><c>jarn data verify</c>: reads every file of the data sets, and lists which are there, in whole or in part.</summary>
public static class DataCheck
{
    private enum Condition
    {
        Usable,
        Missing,
        Damaged,
    }

    /// <summary>Prints a table of data sets.</summary>
    /// <param name="providers">The data sets, one per row.</param>
    /// <param name="folder">The folder given with <c>--data-dir</c>; null for the usual places.</param>
    /// <param name="isAskedFor">Whether a missing data set is an error. A damaged one always is, and so is a folder with none of them.</param>
    /// <exception cref="UserErrorException">A data set is damaged, or is missing and was asked for.</exception>
    public static void Run(IAnsiConsole console, IReadOnlyList<IDatasetProvider> providers, string? folder, bool isAskedFor)
    {
        if (folder is not null && !Directory.Exists(folder))
        {
            throw new UserErrorException($"there is no folder {folder}: give another --data-dir");
        }
        DatasetRequest request = new() { Folders = DataFolders.OfUser(folder), MayDownload = false };
        TextTable table = new("Data set", "State", "Folder", "Training", "Test", "Images", "Checksums");
        List<string> faults = [];
        bool isEmpty = true;
        foreach (IDatasetProvider provider in providers)
        {
            (Condition condition, string[] cells) = Examine(provider, request);
            table.AddRow([provider.Name, .. cells]);
            isEmpty &= condition == Condition.Missing;
            if (condition == Condition.Damaged || (condition == Condition.Missing && isAskedFor))
            {
                faults.Add(provider.Name);
            }
        }
        console.Write(table);
        if (faults.Count > 0)
        {
            throw new UserErrorException(
                $"{string.Join(", ", faults)} cannot be used: the table says why, and 'jarn data fetch' downloads what is missing");
        }
        if (isEmpty && folder is not null)
        {
            throw new UserErrorException(
                $"{folder} contains none of these data sets: give another --data-dir, or 'jarn data fetch NAME --data-dir {folder}' downloads one");
        }
    }

    private static (Condition Condition, string[] Cells) Examine(IDatasetProvider provider, DatasetRequest request)
    {
        try
        {
            Dataset data = provider.Load(request);
            return (Condition.Usable,
            [
                data.Subset ?? "complete",
                data.Origin,
                data.Train.Count.ToString(CultureInfo.InvariantCulture),
                data.Test.Count.ToString(CultureInfo.InvariantCulture),
                data.Train.Shape.ToString(),
                string.Join(", ", data.Files.GroupBy(file => file.IsPublished).Select(files => $"{files.Count()} {Describe(files.Key)}")),
            ]);
        }
        catch (DatasetMissingException exception)
        {
            return (Condition.Missing, ["missing", string.Join("\n", exception.Places), "-", "-", "-", "-"]);
        }
        catch (UserErrorException exception)
        {
            return (Condition.Damaged, [$"damaged: {exception.Message}", "-", "-", "-", "-", "-"]);
        }
    }

    private static string Describe(bool? isPublished) => isPublished switch
    {
        true => "as published",
        false => "not as published",
        null => "of unknown origin",
    };
}
