namespace Jarn.Tests.Ptx;

/// <summary>
/// Numbers a program's blocks so that lanes which parted meet again: a block stands behind all that lead to it, but for the ways back of loops, and
/// a loop's blocks stand together (a weak topological order: Bourdoncle, "Efficient chaotic iteration strategies with widenings", 1993). If the
/// first block with lanes in it always runs first, lanes that left a loop wait for the others behind it. The ways back of a loop meet in an empty
/// block behind the rest of it, so that no lane starts the next iteration before the others.
/// </summary>
internal sealed class BlockOrder
{
    private readonly List<Block> _blocks;
    private readonly List<int> _order = [];

    private BlockOrder(List<Block> blocks) => _blocks = blocks;

    /// <summary>The blocks, numbered anew, without those that nothing leads to; the first one stays the first.</summary>
    public static Block[] Of(List<Block> blocks)
    {
        BlockOrder order = new(blocks);
        order.Append([.. Enumerable.Range(0, blocks.Count)], [0]);
        int[] number = new int[blocks.Count];
        foreach ((int index, int block) in order._order.Index())
        {
            number[block] = index;
        }
        foreach (Block block in blocks)
        {
            block.Next = block.Next < 0 ? -1 : number[block.Next];
            block.Target = block.Target < 0 ? -1 : number[block.Target];
        }
        return [.. order._order.Select(block => blocks[block])];
    }

    /// <summary>Appends those of the members that the entries lead to.</summary>
    private void Append(HashSet<int> members, IEnumerable<int> entries)
    {
        foreach (List<int> component in Components(members, entries))
        {
            int head = component[0];
            _order.Add(head);
            if (component.Count == 1 && !Successors(head).Contains(head))
            {
                continue;
            }
            int back = _blocks.Count;
            _blocks.Add(new Block([], new FallThrough()) { Next = head });
            foreach (Block block in component.Select(member => _blocks[member]))
            {
                block.Next = block.Next == head ? back : block.Next;
                block.Target = block.Target == head ? back : block.Target;
            }
            HashSet<int> rest = [.. component.Skip(1)];
            Append(rest, Successors(head).Where(rest.Contains));
            _order.Add(back);
        }
    }

    /// <summary>
    /// The strongly connected components, each before those it leads to and with the block by which it is entered first (Tarjan, "Depth-first
    /// search and linear graph algorithms", 1972).
    /// </summary>
    private List<List<int>> Components(HashSet<int> members, IEnumerable<int> entries)
    {
        List<List<int>> components = [];
        Dictionary<int, int> discovered = [], lowest = [];
        Stack<int> open = [];
        HashSet<int> isOpen = [];
        foreach (int entry in entries)
        {
            Visit(entry);
        }
        components.Reverse();
        return components;

        void Visit(int block)
        {
            if (!discovered.TryAdd(block, discovered.Count))
            {
                return;
            }
            lowest[block] = discovered[block];
            open.Push(block);
            isOpen.Add(block);
            foreach (int successor in Successors(block).Where(members.Contains))
            {
                Visit(successor);
                if (isOpen.Contains(successor))
                {
                    lowest[block] = Math.Min(lowest[block], lowest[successor]);
                }
            }
            if (lowest[block] == discovered[block])
            {
                List<int> component = [];
                do
                {
                    component.Add(open.Pop());
                    isOpen.Remove(component[^1]);
                }
                while (component[^1] != block);
                component.Reverse();
                components.Add(component);
            }
        }
    }

    private IEnumerable<int> Successors(int block) => new[] { _blocks[block].Next, _blocks[block].Target }.Where(successor => successor >= 0);
}
