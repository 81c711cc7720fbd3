import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


TRIGGERS = {
    "sqlite": {
        "jury_hearingstep": [
            "CREATE TRIGGER jury_hearingstep_no_update BEFORE UPDATE ON jury_hearingstep BEGIN SELECT RAISE(ABORT, 'jury_hearingstep refuses UPDATE'); END",
            "CREATE TRIGGER jury_hearingstep_no_delete BEFORE DELETE ON jury_hearingstep BEGIN SELECT RAISE(ABORT, 'jury_hearingstep refuses DELETE'); END",
        ],
    },
    "postgresql": {
        "jury_hearingstep": [
            "CREATE OR REPLACE FUNCTION jury_hearingstep_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'jury_hearingstep refuses %', TG_OP USING ERRCODE='restrict_violation'; END $$",
            "CREATE TRIGGER jury_hearingstep_append BEFORE UPDATE OR DELETE ON jury_hearingstep FOR EACH ROW EXECUTE FUNCTION jury_hearingstep_refuse()",
            "CREATE TRIGGER jury_hearingstep_truncate BEFORE TRUNCATE ON jury_hearingstep FOR EACH STATEMENT EXECUTE FUNCTION jury_hearingstep_refuse()",
        ],
    },
}


def guarded(table):
    """The triggers of one table, as they were written for this migration."""

    def forwards(apps, editor):
        for statement in TRIGGERS[editor.connection.vendor][table]:
            editor.execute(statement, params=None)

    def backwards(apps, editor):
        on = f" ON {table}" if editor.connection.vendor == "postgresql" else ""
        for statement in TRIGGERS[editor.connection.vendor][table]:
            if statement.startswith("CREATE TRIGGER "):
                editor.execute(f"DROP TRIGGER {statement.split()[2]}{on}", params=None)

    return migrations.RunPython(forwards, backwards)


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0006_question_type_is_a_key'),
        ('jury', '0006_juror_field_may_be_unsaid'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HearingStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('moved', 'audition déplacée'), ('started', 'commencée'), ('start_cancelled', 'début annulé'), ('start_corrected', 'début corrigé'), ('ended', 'terminée'), ('reopened', 'rouverte'), ('end_corrected', 'fin corrigée'), ('adjourned', 'ajournée'), ('resumed', 'reprise'), ('absent', 'équipe absente'), ('absence_cancelled', 'absence de l’équipe annulée'), ('presence_corrected', 'présence corrigée'), ('presence_cancelled', 'présence annulée')], max_length=20)),
                ('at', models.DateTimeField()),
                ('was', models.DateTimeField(null=True)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('recorded_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddField(
            model_name='hearing',
            name='absent_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='hearing',
            name='adjourned_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddConstraint(
            model_name='hearing',
            constraint=models.CheckConstraint(condition=models.Q(('adjourned_at', None), models.Q(('ended_at', None), ('started_at__isnull', False)), _connector='OR'), name='hearing_is_adjourned_under_way', violation_error_message='Seule une audition en cours s’ajourne.'),
        ),
        migrations.AddConstraint(
            model_name='hearing',
            constraint=models.CheckConstraint(condition=models.Q(('absent_at', None), models.Q(('started_at', None), ('summoned_at__isnull', False)), _connector='OR'), name='hearing_of_an_absent_team_did_not_begin', violation_error_message='L’audition d’une équipe absente n’a pas commencé.'),
        ),
        migrations.AddField(
            model_name='hearingstep',
            name='hearing',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='jury.hearing'),
        ),
        migrations.AddField(
            model_name='hearingstep',
            name='presence',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='jury.presence'),
        ),
        migrations.AddField(
            model_name='hearingstep',
            name='recorded_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='hearingstep',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['start_corrected', 'end_corrected', 'presence_corrected', 'presence_cancelled']), _negated=True), models.Q(('was__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='hearingstep_correction_keeps_both_instants_and_says_why', violation_error_message='Une correction garde les deux instants et dit pourquoi.'),
        ),
        migrations.AddConstraint(
            model_name='hearingstep',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['presence_corrected', 'presence_cancelled']), ('presence__isnull', False)), models.Q(models.Q(('kind__in', ['presence_corrected', 'presence_cancelled']), _negated=True), ('presence', None)), _connector='OR'), name='hearingstep_names_the_presence_that_it_corrects', violation_error_message='La correction d’une présence dit laquelle.'),
        ),
        guarded("jury_hearingstep"),
    ]
