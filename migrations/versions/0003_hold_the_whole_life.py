"""Hold a task's whole life: requests, rosters, indicators, milestones, parts, forms, versions; rows written down in the ledger, heads kept apart."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


# Chains written before heads were kept apart get theirs from their last entry.
_HEADS = """
INSERT INTO ledger_head (chain, seq, hash)
SELECT chain, seq, hash FROM ledger_entry AS last WHERE seq = (SELECT max(seq) FROM ledger_entry WHERE chain = last.chain)
"""

_ONE_OWNER = (
    "(CASE WHEN report_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN part_id IS NULL THEN 0 ELSE 1 END)"
    " + (CASE WHEN roster_entry_id IS NULL THEN 0 ELSE 1 END) = 1"
)


def upgrade():
    op.create_table('eligible_list',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
    sa.Column('basis', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('made_on', sa.Date(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_eligible_list')),
    sa.UniqueConstraint('name', name=op.f('uq_eligible_list_name'))
    )
    op.create_table('indicator',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
    sa.Column('unit_of_measure', sqlmodel.sql.sqltypes.AutoString(length=40), nullable=True),
    sa.Column('source', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_indicator')),
    sa.UniqueConstraint('name', name=op.f('uq_indicator_name'))
    )
    op.create_table('ledger_head',
    sa.Column('chain', sqlmodel.sql.sqltypes.AutoString(length=24), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('hash', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.PrimaryKeyConstraint('chain', name=op.f('pk_ledger_head'))
    )
    op.create_table('rule_set_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
    sa.Column('effective_on', sa.Date(), nullable=False),
    sa.Column('adopted_on', sa.Date(), nullable=False),
    sa.Column('content', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('sha256', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.CheckConstraint('effective_on >= adopted_on', name=op.f('ck_rule_set_version_never_backwards')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rule_set_version')),
    sa.UniqueConstraint('effective_on', name=op.f('uq_rule_set_version_effective_on')),
    sa.UniqueConstraint('version', name=op.f('uq_rule_set_version_version'))
    )
    op.create_table('eligible_member',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('list_id', sa.Integer(), nullable=False),
    sa.Column('name', sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
    sa.Column('region', sqlmodel.sql.sqltypes.AutoString(length=60), nullable=True),
    sa.ForeignKeyConstraint(['list_id'], ['eligible_list.id'], name=op.f('fk_eligible_member_list_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_eligible_member')),
    sa.UniqueConstraint('list_id', 'name', name=op.f('uq_eligible_member_list_id_name'))
    )
    op.create_table('form',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('period', sqlmodel.sql.sqltypes.AutoString(length=8), nullable=False),
    sa.Column('edition', sa.Integer(), nullable=False),
    sa.Column('made_on', sa.Date(), nullable=False),
    sa.Column('field_count', sa.Integer(), nullable=False),
    sa.Column('content', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('returned_on', sa.Date(), nullable=True),
    sa.Column('returned_sha256', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
    sa.CheckConstraint('edition >= 1', name=op.f('ck_form_edition_counts_from_one')),
    sa.CheckConstraint('field_count >= 0', name=op.f('ck_form_field_count_not_negative')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_form_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_form')),
    sa.UniqueConstraint('unit_id', 'period', 'edition', name=op.f('uq_form_unit_id_period_edition'))
    )
    with op.batch_alter_table('form', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_form_unit_id'), ['unit_id'], unique=False)

    op.create_table('observation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('indicator_id', sa.Integer(), nullable=False),
    sa.Column('observed_on', sa.Date(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('value', sa.Float(), nullable=False),
    sa.Column('source', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('recorded_on', sa.Date(), nullable=False),
    sa.CheckConstraint('revision >= 1', name=op.f('ck_observation_revision_counts_from_one')),
    sa.ForeignKeyConstraint(['indicator_id'], ['indicator.id'], name=op.f('fk_observation_indicator_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_observation')),
    sa.UniqueConstraint('indicator_id', 'observed_on', 'revision', name=op.f('uq_observation_indicator_id_observed_on_revision'))
    )
    op.create_table('plan_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('plan_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('made_on', sa.Date(), nullable=False),
    sa.Column('source_name', sqlmodel.sql.sqltypes.AutoString(length=255), nullable=False),
    sa.Column('source_sha256', sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
    sa.Column('reason', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('draft', sa.JSON(none_as_null=True), nullable=False),
    sa.ForeignKeyConstraint(['plan_id'], ['plan.id'], name=op.f('fk_plan_version_plan_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_version')),
    sa.UniqueConstraint('plan_id', 'version', name=op.f('uq_plan_version_plan_id_version'))
    )
    op.create_table('milestone',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('task_id', sa.Integer(), nullable=False),
    sa.Column('title', sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('weight', sa.Float(), nullable=False),
    sa.Column('done_on', sa.Date(), nullable=True),
    sa.CheckConstraint('weight > 0', name=op.f('ck_milestone_weight_counts')),
    sa.ForeignKeyConstraint(['task_id'], ['task.id'], name=op.f('fk_milestone_task_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_milestone')),
    sa.UniqueConstraint('task_id', 'title', name=op.f('uq_milestone_task_id_title'))
    )
    with op.batch_alter_table('milestone', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_milestone_task_id'), ['task_id'], unique=False)

    op.create_table('planned_point',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('task_id', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('percent', sa.Float(), nullable=False),
    sa.CheckConstraint('percent >= 0 AND percent <= 100', name=op.f('ck_planned_point_per_cent')),
    sa.ForeignKeyConstraint(['task_id'], ['task.id'], name=op.f('fk_planned_point_task_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_planned_point')),
    sa.UniqueConstraint('task_id', 'day', name=op.f('uq_planned_point_task_id_day'))
    )
    with op.batch_alter_table('planned_point', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_planned_point_task_id'), ['task_id'], unique=False)

    op.create_table('request',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('task_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('extension', 'reassignment', 'suspension', 'cancellation', 'target_change', name='request_kind', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('state', sa.Enum('filed', 'approved', 'refused', 'withdrawn', name='request_state', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('reason', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('progress', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('wanted', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('granted', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('filed_on', sa.Date(), nullable=False),
    sa.Column('filed_by', sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
    sa.Column('decided_on', sa.Date(), nullable=True),
    sa.Column('decided_by', sqlmodel.sql.sqltypes.AutoString(length=60), nullable=True),
    sa.Column('decision', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.CheckConstraint("state NOT IN ('approved', 'refused') OR decided_on IS NOT NULL", name=op.f('ck_request_decided_has_day')),
    sa.CheckConstraint('length(reason) > 0', name=op.f('ck_request_reason_given')),
    sa.ForeignKeyConstraint(['task_id'], ['task.id'], name=op.f('fk_request_task_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_request_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_request'))
    )
    with op.batch_alter_table('request', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_request_task_id'), ['task_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_request_unit_id'), ['unit_id'], unique=False)
        batch_op.create_index('uq_request_one_waiting', ['task_id', 'kind'], unique=True, sqlite_where=sa.text("state = 'filed'"), postgresql_where=sa.text("state = 'filed'"))

    op.create_table('support_part',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('task_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('period', sqlmodel.sql.sqltypes.AutoString(length=8), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('text', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('problem', sqlmodel.sql.sqltypes.AutoString(), nullable=True),
    sa.Column('values', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('handed_in_on', sa.Date(), nullable=False),
    sa.CheckConstraint('revision >= 1', name=op.f('ck_support_part_revision_counts_from_one')),
    sa.ForeignKeyConstraint(['task_id'], ['task.id'], name=op.f('fk_support_part_task_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_support_part_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_support_part')),
    sa.UniqueConstraint('task_id', 'unit_id', 'period', 'revision', name=op.f('uq_support_part_task_id_unit_id_period_revision'))
    )
    with op.batch_alter_table('support_part', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_support_part_task_id'), ['task_id'], unique=False)

    op.create_table('quota',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('target_id', sa.Integer(), nullable=False),
    sa.Column('eligible_list_ids', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('least_per_region', sa.Integer(), nullable=True),
    sa.Column('whole_list_id', sa.Integer(), nullable=True),
    sa.Column('least_coverage', sa.Float(), nullable=True),
    sa.CheckConstraint('least_coverage IS NULL OR (least_coverage > 0 AND least_coverage <= 100)', name=op.f('ck_quota_coverage_in_per_cent')),
    sa.CheckConstraint('least_coverage IS NULL OR whole_list_id IS NOT NULL', name=op.f('ck_quota_coverage_of_something')),
    sa.CheckConstraint('least_per_region IS NULL OR least_per_region >= 1', name=op.f('ck_quota_least_counts_from_one')),
    sa.ForeignKeyConstraint(['target_id'], ['target.id'], name=op.f('fk_quota_target_id')),
    sa.ForeignKeyConstraint(['whole_list_id'], ['eligible_list.id'], name=op.f('fk_quota_whole_list_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quota')),
    sa.UniqueConstraint('target_id', name=op.f('uq_quota_target_id'))
    )
    op.create_table('roster_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('task_id', sa.Integer(), nullable=False),
    sa.Column('quota_id', sa.Integer(), nullable=False),
    sa.Column('name', sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
    sa.Column('region', sqlmodel.sql.sqltypes.AutoString(length=60), nullable=True),
    sa.Column('state', sa.Enum('nominated', 'selected', 'confirmed', 'withdrawn', name='roster_state', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('replaces_id', sa.Integer(), nullable=True),
    sa.Column('nominated_on', sa.Date(), nullable=False),
    sa.Column('confirmed_on', sa.Date(), nullable=True),
    sa.Column('withdrawn_on', sa.Date(), nullable=True),
    sa.Column('note', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.ForeignKeyConstraint(['quota_id'], ['quota.id'], name=op.f('fk_roster_entry_quota_id')),
    sa.ForeignKeyConstraint(['replaces_id'], ['roster_entry.id'], name=op.f('fk_roster_entry_replaces_id')),
    sa.ForeignKeyConstraint(['task_id'], ['task.id'], name=op.f('fk_roster_entry_task_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_roster_entry')),
    sa.UniqueConstraint('replaces_id', name=op.f('uq_roster_entry_replaces_id'))
    )
    with op.batch_alter_table('roster_entry', schema=None) as batch_op:
        batch_op.create_index('uq_roster_entry_one_standing', ['quota_id', 'name'], unique=True, sqlite_where=sa.text("state <> 'withdrawn'"), postgresql_where=sa.text("state <> 'withdrawn'"))
        batch_op.create_index(batch_op.f('ix_roster_entry_task_id'), ['task_id'], unique=False)

    with op.batch_alter_table('evidence', schema=None) as batch_op:
        batch_op.add_column(sa.Column('part_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('roster_entry_id', sa.Integer(), nullable=True))
        batch_op.alter_column('report_id',
               existing_type=sa.INTEGER(),
               nullable=True)
        batch_op.create_unique_constraint(batch_op.f('uq_evidence_part_id_sha256'), ['part_id', 'sha256'])
        batch_op.create_unique_constraint(batch_op.f('uq_evidence_roster_entry_id_sha256'), ['roster_entry_id', 'sha256'])
        batch_op.create_foreign_key(batch_op.f('fk_evidence_roster_entry_id'), 'roster_entry', ['roster_entry_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_evidence_part_id'), 'support_part', ['part_id'], ['id'])
        batch_op.create_check_constraint(batch_op.f('ck_evidence_one_owner'), _ONE_OWNER)

    op.execute("ALTER TABLE ledger_entry ADD COLUMN changes JSON")
    op.create_index('ix_ledger_entry_acted_on', 'ledger_entry', ['acted_on'])
    op.execute(_HEADS)
    op.execute("ALTER TABLE plan_item ADD COLUMN since_version INTEGER DEFAULT 1 NOT NULL")
    op.execute("ALTER TABLE plan_item ADD COLUMN until_version INTEGER")
    for column in ("correction", "review"):
        op.execute(f"ALTER TABLE progress_report ADD COLUMN {column} VARCHAR")
    for column in ("indicator_id", "against_id"):
        op.execute(f"ALTER TABLE target ADD COLUMN {column} INTEGER CONSTRAINT fk_target_{column} REFERENCES indicator (id)")
    op.execute("ALTER TABLE task ADD COLUMN criterion VARCHAR")
    op.execute("ALTER TABLE unit ADD COLUMN successor_id INTEGER CONSTRAINT fk_unit_successor_id REFERENCES unit (id)")

    with op.batch_alter_table('reported_value', schema=None) as batch_op:
        batch_op.add_column(sa.Column('part', sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False, server_default=''))
        batch_op.drop_constraint(batch_op.f('uq_reported_value_report_id_target_id'), type_='unique')
        batch_op.create_unique_constraint(batch_op.f('uq_reported_value_report_id_target_id_part'), ['report_id', 'target_id', 'part'])


def downgrade():
    """Refused: a ledger entry cannot lose what it says."""
    raise NotImplementedError("0003 cannot be taken back; restore the backup made before the upgrade")
