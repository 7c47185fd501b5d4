using System.Diagnostics.CodeAnalysis;

namespace TicketBooth.BuildingBlocks.Kernel;

/// <summary>A type that can be created from an <see cref="Error"/>; lets pipeline behaviors return a failure without reflection.</summary>
public interface IFailable<out TSelf>
{
    static abstract TSelf From(Error error);
}

/// <summary>The result of a request, whatever the type of its value; for pipeline behaviors.</summary>
public interface IOutcome
{
    /// <summary>Why there is no value; null on success.</summary>
    Error? Error { get; }

    /// <summary>The value; null on failure.</summary>
    object? Content { get; }
}

/// <summary>Either a value or an expected <see cref="Kernel.Error"/>. Exceptions are for bugs and outages.</summary>
public readonly struct Result<T> : IFailable<Result<T>>, IOutcome, IEquatable<Result<T>>
{
    private readonly T? value;

    private Result(T? value, Error? error) => (this.value, Error) = (value, error);

    /// <summary>Why there is no value; null on success.</summary>
    public Error? Error { get; }

    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsSuccess => Error is null;

    object? IOutcome.Content => value;

    /// <summary>The value. Reading it from a failure is a bug and throws.</summary>
    public T Value => Error is null ? value! : throw new InvalidOperationException($"There is no value: {Error.Code}.");

    public static Result<T> From(Error error) => new(default, error);

    public static Result<T> From(T value) => new(value, null);

    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(Error error) => new(default, error);

    public Result<TOther> Map<TOther>(Func<T, TOther> map) => Error is null ? map(value!) : Error;

    public bool Equals(Result<T> other) => EqualityComparer<T?>.Default.Equals(value, other.value) && Equals(Error, other.Error);

    public override bool Equals(object? obj) => obj is Result<T> other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(value, Error);

    public static bool operator ==(Result<T> left, Result<T> right) => left.Equals(right);

    public static bool operator !=(Result<T> left, Result<T> right) => !left.Equals(right);
}

/// <summary>The value of a success that returns nothing.</summary>
public readonly record struct Done;
