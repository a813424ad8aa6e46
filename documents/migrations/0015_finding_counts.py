from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("documents", "0014_reading_and_comments")]

    operations = [
        migrations.RemoveConstraint(model_name="missedsearch", name="missed_search_once_a_week"),
        migrations.RenameField(model_name="missedsearch", old_name="week", new_name="month"),
        migrations.AddConstraint(
            model_name="missedsearch",
            constraint=models.UniqueConstraint(
                fields=("municipality", "month", "stems"), name="missed_search_once_a_month"
            ),
        ),
        migrations.AddIndex(
            model_name="searchentry",
            index=models.Index(
                fields=[
                    "level_0",
                    "reached_unit_id",
                    "unit",
                    "owner",
                    "document",
                    "level_1",
                    "level_2",
                    "level_3",
                    "level_4",
                ],
                name="search_entry_counted",
            ),
        ),
    ]
