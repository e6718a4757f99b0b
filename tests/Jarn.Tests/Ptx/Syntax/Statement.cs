namespace Jarn.Tests.Ptx;

internal abstract record Operand;

/// <summary>A register, a special register, a variable or a label; %p and !%p alike.</summary>
internal sealed record NameOperand(string Name, bool Negated = false) : Operand;

/// <param name="Value">The bits: of 0f… a float's, of 0d… a double's, else a number's.</param>
internal sealed record LiteralOperand(ulong Value) : Operand;

/// <summary>[start + offset]</summary>
internal sealed record AddressOperand(Operand Start, long Offset) : Operand;

/// <summary>{a, b, …}</summary>
internal sealed record VectorOperand(Operand[] Elements) : Operand;

/// <summary>a|b: two results, the second one a predicate.</summary>
internal sealed record PairOperand(Operand First, Operand Second) : Operand;

/// <summary>What stands in a kernel's body, in order.</summary>
internal abstract record BodyItem;

internal sealed record LabelItem(string Name) : BodyItem;

/// <summary>.reg type name; or name&lt;count&gt;, which declares name0, name1, …</summary>
internal sealed record RegisterItem(string Type, string Name, int? Count) : BodyItem;

/// <summary>An array of a thread (.local) or of a group (.shared).</summary>
internal sealed record VariableItem(string Space, string Name, int Alignment, int Bytes) : BodyItem;

/// <summary>An instruction, perhaps under a guard @p or @!p.</summary>
internal sealed record Statement(NameOperand? Guard, string Opcode, Operand[] Operands, string Text) : BodyItem;

internal sealed record EntrySyntax(string Name, IReadOnlyList<(string Name, int Bytes)> Parameters, IReadOnlyList<BodyItem> Body);
