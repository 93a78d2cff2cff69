from hypothesis import given
from hypothesis import strategies as st

from services.plan_chunks import MOST_CHUNKS, PlanChunk, chunked


@given(st.lists(st.integers(0, 30_000), max_size=40))
def test_chunks_are_few_whole_stable_and_about_as_large(sizes: list[int]) -> None:
    plans = list(enumerate(sizes, start=1))
    chunks = chunked(plans)
    assert [plan_id for chunk in chunks for plan_id in chunk.plan_ids] == [plan_id for plan_id, _size in plans]
    assert sum(chunk.tasks for chunk in chunks) == sum(sizes)
    assert len(chunks) <= MOST_CHUNKS
    assert [chunk.number for chunk in chunks] == list(range(1, len(chunks) + 1))
    assert chunked(plans) == chunks
    # No chunk exceeds its share by more than one plan.
    share = sum(sizes) / max(1, min(MOST_CHUNKS, -(-sum(sizes) // 5_000)))
    assert all(chunk.tasks <= share + max(sizes[plan_id - 1] for plan_id in chunk.plan_ids) for chunk in chunks)


def test_a_small_house_is_one_chunk_and_an_empty_one_has_none() -> None:
    assert chunked([(1, 4_000), (2, 0), (7, 999)]) == [PlanChunk(1, (1, 2, 7), 4_999)]
    assert chunked([(1, 0)]) == [PlanChunk(1, (1,), 0)]
    assert chunked([]) == []
